using Google.Protobuf.Collections;
using Onnx;

namespace StreamGenre.Training.Graph;

internal sealed partial class GraphBuilder
{
    /// <summary>The graph as a model: nodes that no output needs are left out.</summary>
    /// <param name="outputs">Values to be read, each under the name it shall have in the model.</param>
    /// <param name="embedParameters">
    /// True: parameters become constants of the model; false: they are made by nodes of the graph itself (see <see cref="Prologue"/>), all but frozen ones.
    /// </param>
    public ModelProto ToModel(IReadOnlyList<(string Name, Value Value)> outputs, bool embedParameters)
    {
        var renamed = RenamedOutputs(outputs);
        var live = LiveNodes(outputs.Select(output => output.Value.Name));
        var used = live.SelectMany(node => node.Input).Concat(outputs.Select(output => output.Value.Name)).ToHashSet();

        var graph = new GraphProto { Name = "streamgenre" };
        foreach (var node in live)
        {
            var copy = node.Clone();
            Rename(copy.Input, renamed);
            Rename(copy.Output, renamed);
            graph.Node.Add(copy);
        }

        // An output that is itself an input, a parameter or asked for under a second name.
        foreach (var (name, value) in outputs)
        {
            var current = renamed.GetValueOrDefault(value.Name, value.Name);
            if (current != name)
            {
                var identity = new NodeProto { OpType = "Identity", Name = name };
                identity.Input.Add(current);
                identity.Output.Add(name);
                graph.Node.Add(identity);
            }

            graph.Output.Add(OnnxTensor.Info(name, value.Shape, value.Type));
        }

        graph.Input.AddRange(_inputs.Select(input => OnnxTensor.Info(input.Name, input.Shape, input.Type)));
        graph.Initializer.AddRange(_constants.Values.Where(constant => used.Contains(constant.Value.Name)).Select(constant => constant.Tensor));
        graph.Initializer.AddRange((embedParameters ? _parameters.Concat(_frozenParameters) : _frozenParameters)
            .Where(parameter => used.Contains(parameter.Name))
            .Select(parameter => OnnxTensor.OfReal(parameter.Name, parameter.Value.Shape, Real, parameter.Initial)));

        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "StreamGenre.Training", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OpsetVersion });
        if (graph.Node.Any(node => node.Domain == BlocksDomain))
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = BlocksDomain, Version = 1 });
        }

        return model;
    }

    private Dictionary<string, string> RenamedOutputs(IReadOnlyList<(string Name, Value Value)> outputs)
    {
        var made = _nodes.Concat(_prologue).SelectMany(node => node.Output).ToHashSet();
        var renamed = new Dictionary<string, string>();
        foreach (var (name, value) in outputs)
        {
            if (name != value.Name && _names.Contains(name))
            {
                throw new ArgumentException($"The output name '{name}' is taken by another value of the graph.", nameof(outputs));
            }

            if (made.Contains(value.Name) && _parameters.TrueForAll(parameter => parameter.Value != value))
            {
                renamed.TryAdd(value.Name, name);
            }
        }

        return renamed;
    }

    private List<NodeProto> LiveNodes(IEnumerable<string> outputs)
    {
        var needed = outputs.ToHashSet();
        var live = new List<NodeProto>();
        foreach (var node in _prologue.Concat(_nodes).Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                live.Add(node);
                needed.UnionWith(node.Input);
            }
        }

        live.Reverse();
        return live;
    }

    private static void Rename(RepeatedField<string> names, Dictionary<string, string> renamed)
    {
        for (var i = 0; i < names.Count; i++)
        {
            names[i] = renamed.GetValueOrDefault(names[i], names[i]);
        }
    }
}
