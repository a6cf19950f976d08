using Google.Protobuf;
using Google.Protobuf.Collections;

using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Export;

/// <summary>
/// Several models in one: an ONNX file that answers with the mean of its members' calibrated probabilities (Lakshminarayanan et al. 2017, arXiv:1612.01474)
/// and is served like any of them. Members that give logits become one that gives logits, the logarithms of the mean, whose softmax it is.
/// </summary>
internal static class Ensemble
{
    // Below the least positive float's exponent nothing is lost, and a logarithm of zero never comes up.
    private const float Least = 1e-30f;

    /// <summary>Joins models.</summary>
    /// <param name="members">At least two: where each comes from, for messages, and the model.</param>
    /// <param name="contract">The ensemble's name, version, temperature and so on; its front end and labels are replaced by the members'.</param>
    /// <exception cref="TrainingException">The members can't be fed or read alike; all differences to the first are listed.</exception>
    public static byte[] Join(IReadOnlyList<(string Path, ModelProto Model, ModelContract Contract)> members, ModelContract contract)
    {
        Check(members);
        var first = members[0];
        var isLogits = first.Contract.ScoreKind == ScoreKind.Logits;
        var graph = new GraphProto { Name = "streamgenre" };
        graph.Input.Add(first.Model.Graph.Input.Single(input => input.Name == first.Contract.InputName).Clone());
        var answers = members.Select((member, i) => Add(graph, member.Model.Graph, member.Contract, first.Contract, $"member{i}/")).ToList();

        Node(graph, "Sum", answers, "ensemble/sum");
        Node(graph, "Mul", ["ensemble/sum", Scalar(graph, "ensemble/share", 1f / members.Count)], isLogits ? "ensemble/mean" : contract.OutputName);
        if (isLogits)
        {
            Node(graph, "Max", ["ensemble/mean", Scalar(graph, "ensemble/least", Least)], "ensemble/positive");
            Node(graph, "Log", ["ensemble/positive"], contract.OutputName);
        }

        graph.Output.Add(OnnxTensor.Info(contract.OutputName, new TensorShape(TensorShape.Symbolic, first.Contract.Labels.Count), DataType.Float));
        var model = new ModelProto { IrVersion = members.Max(member => member.Model.IrVersion), ProducerName = "StreamGenre.Training", Graph = graph };
        model.OpsetImport.AddRange(first.Model.OpsetImport);
        Exporter.SetMetadata(model, contract.ToMetadata());
        return model.ToByteArray();
    }

    private static void Check(IReadOnlyList<(string Path, ModelProto Model, ModelContract Contract)> members)
    {
        if (members.Count < 2)
        {
            throw new TrainingException($"an ensemble of {members.Count} model is none; name at least two");
        }

        var first = members[0];
        var problems = members.Skip(1).SelectMany(member => Differences(member, first).Select(difference => $"{member.Path}: {difference}")).ToList();
        if (problems.Count > 0)
        {
            throw new TrainingException($"not to be joined with {first.Path}: {string.Join("; ", problems)}");
        }
    }

    private static IEnumerable<string> Differences(
        (string Path, ModelProto Model, ModelContract Contract) member, (string Path, ModelProto Model, ModelContract Contract) first)
    {
        foreach (var difference in ContractDifferences.OfFrontEnds(member.Contract, first.Contract))
        {
            yield return difference;
        }

        if (member.Contract.ScoreKind != first.Contract.ScoreKind)
        {
            yield return $"score_kind is {member.Contract.ScoreKind}, not {first.Contract.ScoreKind}";
        }

        if (!member.Contract.Labels.Order(StringComparer.Ordinal).SequenceEqual(first.Contract.Labels.Order(StringComparer.Ordinal)))
        {
            yield return $"labels are {string.Join(", ", member.Contract.Labels)}, not {string.Join(", ", first.Contract.Labels)}";
        }

        if (!Opsets(member.Model).SequenceEqual(Opsets(first.Model)))
        {
            yield return $"operators are of the sets {string.Join(", ", Opsets(member.Model))}, not {string.Join(", ", Opsets(first.Model))}";
        }

        if (Rank(member) is var rank && rank != Rank(first))
        {
            yield return $"the input has {rank} axes, not {Rank(first)}";
        }
    }

    private static IEnumerable<string> Opsets(ModelProto model) =>
        model.OpsetImport.Select(set => $"{(set.Domain.Length == 0 ? "ai.onnx" : set.Domain)} {set.Version}").Order(StringComparer.Ordinal);

    private static int Rank((string Path, ModelProto Model, ModelContract Contract) member) =>
        member.Model.Graph.Input.FirstOrDefault(input => input.Name == member.Contract.InputName)?.Type.TensorType.Shape.Dim.Count
        ?? throw new TrainingException($"{member.Path} has no input '{member.Contract.InputName}' as its contract says");

    /// <summary>Adds a member's nodes under names of their own.</summary>
    /// <returns>The name of its probabilities, in the order of the ensemble's labels.</returns>
    private static string Add(GraphProto graph, GraphProto member, ModelContract contract, ModelContract first, string prefix)
    {
        var copy = member.Clone();
        Prefix(copy, prefix, keep: contract.InputName, first.InputName);
        graph.Node.AddRange(copy.Node);
        graph.Initializer.AddRange(copy.Initializer);

        var answer = prefix + contract.OutputName;
        if (contract.ScoreKind == ScoreKind.Logits)
        {
            answer = Node(graph, "Div", [answer, Scalar(graph, $"{prefix}temperature", (float)contract.Temperature)], $"{prefix}calibrated");
            answer = Node(graph, "Softmax", [answer], $"{prefix}probabilities", OnnxAttribute.Of("axis", -1L));
        }

        if (contract.Labels.SequenceEqual(first.Labels))
        {
            return answer;
        }

        var places = first.Labels.Select(label => (long)contract.Labels.ToList().IndexOf(label)).ToArray();
        graph.Initializer.Add(OnnxTensor.Of<long>($"{prefix}places", new TensorShape(places.Length), DataType.Int64, places));
        return Node(graph, "Gather", [answer, $"{prefix}places"], $"{prefix}ordered", OnnxAttribute.Of("axis", 1L));
    }

    /// <summary>Puts a prefix before every name of a graph and of the graphs inside its nodes, but for the input, which all members share.</summary>
    private static void Prefix(GraphProto graph, string prefix, string keep, string input)
    {
        string Renamed(string name) => name.Length == 0 ? name : name == keep ? input : prefix + name;
        void RenameAll(RepeatedField<string> names)
        {
            for (var i = 0; i < names.Count; i++)
            {
                names[i] = Renamed(names[i]);
            }
        }

        foreach (var node in graph.Node)
        {
            node.Name = prefix + node.Name;
            RenameAll(node.Input);
            RenameAll(node.Output);
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.Graphs.Append(attribute.G)).OfType<GraphProto>())
            {
                Prefix(inner, prefix, keep, input);
            }
        }

        foreach (var tensor in graph.Initializer)
        {
            tensor.Name = prefix + tensor.Name;
        }

        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
        {
            value.Name = Renamed(value.Name);
        }
    }

    private static string Node(GraphProto graph, string type, IEnumerable<string> inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        graph.Node.Add(node);
        return output;
    }

    private static string Scalar(GraphProto graph, string name, float value)
    {
        graph.Initializer.Add(OnnxTensor.Of<float>(name, TensorShape.Scalar, DataType.Float, [value]));
        return name;
    }
}
