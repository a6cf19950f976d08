using Akka.Streams;
using Akka.Streams.Stage;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// A session's windows between its front end and its updates: each sends a turn to the batches, gets its scores, and leaves in the order of the
/// audio. Every window holds one of <see cref="GenreStreamOptions.MaxPendingWindows"/> places from here until its update was read, which bounds
/// what a session holds and carries a slow reader's back-pressure to the writer.
/// </summary>
/// <remarks>
/// Under <see cref="OverloadPolicy.Block"/> a window that finds no place waits here and nothing more is pulled; under
/// <see cref="OverloadPolicy.DropOldest"/> it takes the place and the turn of the oldest window that no batch has taken.
/// </remarks>
internal sealed class ScoringStage : GraphStage<FanOutShape<HeardWindow, SessionTurns, ScoredWindow>>
{
    private readonly AkkaGenreStream _stream;
    private readonly Inlet<HeardWindow> _in = new("Scoring.in");
    private readonly Outlet<SessionTurns> _turns = new("Scoring.turns");
    private readonly Outlet<ScoredWindow> _scored = new("Scoring.scored");

    public ScoringStage(AkkaGenreStream stream)
    {
        _stream = stream;
        Shape = new FanOutShape<HeardWindow, SessionTurns, ScoredWindow>(_in, _turns, _scored);
    }

    public override FanOutShape<HeardWindow, SessionTurns, ScoredWindow> Shape { get; }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : GraphStageLogic
    {
        private readonly ScoringStage _stage;
        private readonly AkkaGenreStream _stream;
        private readonly int _capacity;
        private readonly List<PendingWindow> _windows = [];
        private HeardWindow? _held;
        private long _endArrival;
        private int _turnsOwed;
        private int _unread;
        private bool _ending;

        public Logic(ScoringStage stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _stream = stage._stream;
            _capacity = _stream.Options.MaxPendingWindows;
            SetHandler(stage._in, onPush: OnHeard, onUpstreamFinish: OnAudioFinished, onUpstreamFailure: GiveUp);
            SetHandler(stage._turns, onPull: SendTurn, onDownstreamFinish: cause => GiveUp(AkkaGenreEngine.ShuttingDown(cause)));
            SetHandler(stage._scored, onPull: EmitDone, onDownstreamFinish: GiveUp);
        }

        private bool HasPlace => _windows.Count + _unread < _capacity;

        public override void PreStart()
        {
            _stream.Turns.OnScored(GetAsyncCallback<PendingWindow>(OnScored));
            _stream.OnRead(GetAsyncCallback(OnRead));
            Pull(_stage._in);
        }

        public override void PostStop()
        {
            _stream.Turns.Close();
            _held?.Mel?.Dispose();
        }

        private void OnHeard()
        {
            var heard = Grab(_stage._in);
            if (heard.Mel is null)
            {
                _ending = true;
                _endArrival = heard.Chunk.Arrival;
                EmitDone();
                return;
            }

            if (HasPlace)
            {
                Accept(heard);
            }
            else if (_stream.Options.Overload == OverloadPolicy.Block)
            {
                _held = heard;
                return;
            }
            else
            {
                TakeOverPlace(heard);
            }

            Pull(_stage._in);
        }

        private void Accept(HeardWindow heard)
        {
            Append(heard);
            if (!heard.IsSilent)
            {
                _turnsOwed++;
                SendTurn();
            }
        }

        private void TakeOverPlace(HeardWindow heard)
        {
            _stream.CountDropped();
            if (!heard.IsSilent && _stream.Turns.DropOldest() is { } oldest)
            {
                _windows.Remove(oldest);
                Append(heard);
                return;
            }

            // Everything before it is in a batch or unread, or its turn would be one too many: the newest is the one to go.
            heard.Mel!.Dispose();
            LetWriterGo(heard);
        }

        private void Append(HeardWindow heard)
        {
            var window = new PendingWindow();
            window.Begin(heard.Mel!);
            _windows.Add(window);
            _stream.Turns.IsFull = !HasPlace;
            if (heard.IsSilent)
            {
                window.ReleaseMel();
                window.State = PendingState.Done;
                EmitDone();
            }
            else
            {
                _stream.Turns.Add(window);
            }

            LetWriterGo(heard);
        }

        private static void LetWriterGo(HeardWindow heard)
        {
            if (heard.IsLastOfChunk)
            {
                heard.Chunk.SetTaken();
            }
        }

        private void SendTurn()
        {
            if (_turnsOwed > 0 && IsAvailable(_stage._turns))
            {
                _turnsOwed--;
                Push(_stage._turns, _stream.Turns);
            }
        }

        private void OnScored(PendingWindow window)
        {
            window.State = PendingState.Done;
            EmitDone();
        }

        private void EmitDone()
        {
            if (!IsAvailable(_stage._scored))
            {
                return;
            }

            if (_windows is [{ State: PendingState.Done } first, ..])
            {
                _windows.RemoveAt(0);
                _unread++;
                Push(_stage._scored, new ScoredWindow(first.Start, first.End, first.Scores, first.ArrivalTimestamp, IsEnd: false));
            }
            else if (_ending && _windows.Count == 0)
            {
                Push(_stage._scored, new ScoredWindow(default, default, Scores: null, _endArrival, IsEnd: true));
                CompleteStage();
            }
        }

        private void OnRead()
        {
            _unread--;
            _stream.Turns.IsFull = !HasPlace;
            if (_held is { } held)
            {
                _held = null;
                Accept(held);
                if (!IsClosed(_stage._in))
                {
                    Pull(_stage._in);
                }
            }
        }

        /// <summary>The audio has ended as it should, or the session was given up before.</summary>
        private void OnAudioFinished()
        {
            if (!_ending)
            {
                CompleteStage();
            }
        }

        /// <summary>Errors end a session beside the graph, so that they overtake no update already made and trouble no hub.</summary>
        private void GiveUp(Exception cause)
        {
            _stream.Fail(cause);
            CompleteStage();
        }
    }
}
