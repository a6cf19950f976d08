using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Stage;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>A session's own way from bytes to windows: <see cref="StreamGenre.Stages.SessionFrontEnd"/> as a stage. One chunk is under way at a time.</summary>
internal sealed class FrontEndStage : GraphStage<FlowShape<PcmChunk, HeardWindow>>
{
    private readonly AkkaGenreStream _stream;
    private readonly Inlet<PcmChunk> _in = new("FrontEnd.in");
    private readonly Outlet<HeardWindow> _out = new("FrontEnd.out");

    public FrontEndStage(AkkaGenreStream stream)
    {
        _stream = stream;
        Shape = new FlowShape<PcmChunk, HeardWindow>(_in, _out);
    }

    public override FlowShape<PcmChunk, HeardWindow> Shape { get; }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly FrontEndStage _stage;
        private readonly Queue<MelWindow> _windows = new();
        private PcmChunk? _chunk;

        public Logic(FrontEndStage stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        public override void OnPush()
        {
            var chunk = Grab(_stage._in);
            var start = Stopwatch.GetTimestamp();
            if (!chunk.TryPush(_stage._stream.FrontEnd, _windows))
            {
                // The stream is over; its kill switch is on the way.
                return;
            }

            _stage._stream.Counters.AddFrontEnd(Stopwatch.GetTimestamp() - start);
            _chunk = chunk;
            if (_windows.Count == 0)
            {
                // Nothing to find a place for; otherwise the last of the windows lets the writer go.
                chunk.SetTaken();
            }

            PushNext();
        }

        public override void OnPull() => PushNext();

        public override void PostStop()
        {
            while (_windows.TryDequeue(out var unsent))
            {
                unsent.Dispose();
            }
        }

        private void PushNext()
        {
            if (_windows.TryDequeue(out var window))
            {
                window.ArrivalTimestamp = _chunk!.Arrival;
                if (window.IsSilent)
                {
                    _stage._stream.Counters.AddSilent();
                }

                Push(_stage._out, new HeardWindow(window, window.IsSilent, _chunk, IsLastOfChunk: _windows.Count == 0));
            }
            else if (_chunk is { IsLast: true } last)
            {
                Push(_stage._out, new HeardWindow(Mel: null, IsSilent: false, last, IsLastOfChunk: true));
                CompleteStage();
            }
            else
            {
                _chunk = null;
                Pull(_stage._in);
            }
        }
    }
}
