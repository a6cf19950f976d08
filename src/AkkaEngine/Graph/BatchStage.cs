using Akka.Streams;
using Akka.Streams.Stage;
using StreamGenre.Stages.Batching;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// Gathers the windows of all sessions into batches. When a lane is free it takes every turn that is there; then the batch goes off when it is full or
/// when <see cref="BatchRule"/> says so.
/// </summary>
/// <remarks>
/// Not GroupedWithin: that one closes its groups on a timer of its own (so a window alone always waits), collects without demand (so what it holds
/// can't be dropped any more), and used to lose items when its timer and its end met (akka.net issue 4514). This stage holds windows only while a
/// lane waits for them, and gives out what it holds before it completes.
/// </remarks>
internal sealed class BatchStage : GraphStage<FlowShape<SessionTurns, GatheredBatch>>
{
    private readonly Gathering _gathering;
    private readonly Inlet<SessionTurns> _in = new("Batch.in");
    private readonly Outlet<GatheredBatch> _out = new("Batch.out");

    public BatchStage(Gathering gathering)
    {
        _gathering = gathering;
        Shape = new FlowShape<SessionTurns, GatheredBatch>(_in, _out);
    }

    public override FlowShape<SessionTurns, GatheredBatch> Shape { get; }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly BatchStage _stage;
        private GatheredBatch _batch;
        private SessionTurns? _early;
        private Action _nothingMore = static () => { };
        private Action? _onLaneBack;
        private ITimer? _delay;
        private bool _askedForMore;
        private bool _delayRuns;

        public Logic(BatchStage stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _batch = stage._gathering.Begin();
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        public override void PreStart()
        {
            _nothingMore = GetAsyncCallback(OnNothingMore);
            _onLaneBack = GetAsyncCallback(OnLaneBack);
            var onDelay = GetAsyncCallback(OnDelay);
            _delay = _stage._gathering.Time.CreateTimer(_ => onDelay(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public override void PostStop()
        {
            _delay?.Dispose();
            _batch.Dispose();
        }

        public override void OnPull()
        {
            // A lane is free. A turn that came when none was, has waited untaken.
            if (_early is { } turn)
            {
                _early = null;
                _batch.Take(turn);
                if (IsClosed(_stage._in))
                {
                    Finish();
                    return;
                }
            }

            TakeMore();
        }

        public override void OnPush()
        {
            var turn = Grab(_stage._in);
            if (!IsAvailable(_stage._out))
            {
                _early = turn;
                return;
            }

            _batch.Take(turn);
            TakeMore();
        }

        public override void OnUpstreamFinish()
        {
            if (_early is null)
            {
                Finish();
            }
        }

        private void TakeMore()
        {
            if (_batch.IsFull)
            {
                Dispatch();
            }

            if (IsAvailable(_stage._out) && !HasBeenPulled(_stage._in) && !IsClosed(_stage._in))
            {
                Pull(_stage._in);
            }

            // What the hub has at hand it pushes before this message to itself is read; so when it is, nothing more is there.
            if (_batch.Count > 0 && !_askedForMore)
            {
                _askedForMore = true;
                _nothingMore();
            }
        }

        private void OnNothingMore()
        {
            _askedForMore = false;
            if (_batch.Count == 0 || !IsAvailable(_stage._out))
            {
                return;
            }

            // Said before the lanes at work are counted, so that none comes back unheard in between.
            var gathering = _stage._gathering;
            gathering.OnLaneBack = _onLaneBack;
            var left = gathering.Wait(_batch);
            if (left <= TimeSpan.Zero)
            {
                Dispatch();
            }
            else if (!_delayRuns)
            {
                _delayRuns = true;
                _delay!.Change(left, Timeout.InfiniteTimeSpan);
            }
        }

        private void OnLaneBack()
        {
            // More may be at hand by now, which OnNothingMore is yet to be told.
            if (!_askedForMore)
            {
                OnNothingMore();
            }
        }

        private void OnDelay()
        {
            _delayRuns = false;
            OnNothingMore();
        }

        private void Finish()
        {
            // Windows are in it only while a lane waits, so it can always go.
            if (_batch.Count > 0)
            {
                Dispatch();
            }

            CompleteStage();
        }

        private void Dispatch()
        {
            if (_delayRuns)
            {
                _delayRuns = false;
                _delay!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            var full = _batch;
            var gathering = _stage._gathering;
            gathering.OnLaneBack = null;
            gathering.GoOut();
            _batch = gathering.Begin();
            Push(_stage._out, full);
        }
    }
}
