using System.Text.Json.Serialization;

using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Data;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Everything that decides a training run; written to the run folder as config.json. A network's <see cref="Network.Recipe"/> is one of these without
/// data; the defaults are conv4's.
/// </summary>
internal sealed record TrainingRunOptions
{
    /// <summary>Architecture, by its name in <see cref="NetworkCatalog"/>.</summary>
    public string Network { get; init; } = NetworkCatalog.DefaultName;

    /// <summary>What the network hears.</summary>
    public FrontEnd FrontEnd { get; init; } = new();

    /// <summary>
    /// Audio time from one window to the next where recordings are cut into windows on a grid, in training and in measuring, as many published systems
    /// cut theirs; null: training windows begin anywhere and one a second is measured, as the server hears.
    /// </summary>
    public double? WindowHopSeconds { get; init; }

    /// <summary>Parts of the training set: npz files and folders of audio.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Sets that the model is measured on and that it never trains on.</summary>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <summary>Only this split of folders' indexes; null for all.</summary>
    public string? Split { get; init; }

    /// <summary>Which genres of the parts are read, and how folders are understood.</summary>
    public PartOptions Parts { get; init; } = new();

    /// <summary>How each part of the training set is split, see <see cref="SplitRule.Parse"/>; null: by <see cref="HoldOutArtists"/> of folders.</summary>
    public string? SplitBy { get; init; }

    /// <summary>Share of each folder's artists that is held back from training and measured on, 0 to below 1.</summary>
    public double HoldOutArtists { get; init; } = 0.25;

    /// <summary>Which block of what is drawn is held back.</summary>
    public int Fold { get; init; }

    /// <summary>Seed of the draw of what is held back; apart from <see cref="Seed"/>, so that runs of several seeds can be compared.</summary>
    public int HoldOutSeed { get; init; } = 7;

    /// <summary>Seed of weights, batches and dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Epochs.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Windows drawn in an epoch: about four of each recording of the default data set.</summary>
    public int EpochWindows { get; init; } = 2560;

    /// <summary>Windows in a step.</summary>
    public int BatchWindows { get; init; } = 64;

    /// <summary>What makes a step of a gradient.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>μ of SGD, 0 (plain) to below 1; the Adams have their own.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How the learning rate moves over the run.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.OneCycle;

    /// <summary>Highest learning rate of the schedule.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Share of the steps over which the rate rises, 0 to below 1; null for the schedule's own: a fifth for one-cycle, none for the others.</summary>
    public double? WarmUpShare { get; init; }

    /// <summary>The optimiser's weight decay; biases and norms don't decay.</summary>
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>Gradients whose norm over all weights is larger are scaled down to this norm; 0 for no limit.</summary>
    public double ClipNorm { get; init; } = 5;

    /// <summary>An ONNX file that the network stands on, for networks that stand on one; it must stay in its place for as long as the run is used.</summary>
    public string? Init { get; init; }

    /// <summary>First layer of the backbone that fine-tuning moves, by its name in the file; null for all.</summary>
    public string? UnfreezeFrom { get; init; }

    /// <summary>Epochs at the beginning in which the backbone stays as it is; as many as <see cref="Epochs"/> for all.</summary>
    public int FrozenEpochs { get; init; }

    /// <summary>Share of the learning rate at which the backbone is trained after that, above 0 to 1.</summary>
    public double FineTuningShare { get; init; } = 1;

    /// <summary>What training makes small.</summary>
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    /// <summary>CSV file of what each confusion costs, for the cost-sensitive loss; see <see cref="Runs.CostMatrix"/>.</summary>
    public string? CostMatrix { get; init; }

    /// <summary>Weight of the expected cost beside the cross entropy.</summary>
    public double CostStrength { get; init; } = 1;

    /// <summary>How evenly labels are drawn, from 0 (clips evenly) to 1 (labels evenly, whatever their number of clips).</summary>
    public double Balance { get; init; } = 1;

    /// <summary>Finished ONNX models of the same front end that the run learns from; see <see cref="Runs.Teachers"/>.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>Parts without labels, or with labels not to be trusted, of which only the teachers' answers are learnt.</summary>
    public IReadOnlyList<string> TeacherUnlabelled { get; init; } = [];

    /// <summary>w, the teachers' weight; the labels have 1 − w.</summary>
    public double DistillWeight { get; init; } = 0.7;

    /// <summary>T, at which the teachers' and the student's answers are compared: the higher, the more the small probabilities count.</summary>
    public double DistillTemperature { get; init; } = 2;

    /// <summary>Share of each batch that is drawn from the unlabelled parts, where there are some.</summary>
    public double UnlabelledShare { get; init; } = 0.5;

    /// <summary>
    /// An ONNX model from windows to features (<c>adapt</c> makes one) whose features the network's own are to be like; see <see cref="Distillation.FeatureTargets"/>.
    /// </summary>
    public string? FeatureTeacher { get; init; }

    /// <summary>Weight of the mean squared difference of the features, which are standardised, beside the labels' loss.</summary>
    public double FeatureWeight { get; init; } = 10;

    /// <summary>Mixtures of two training recordings whose features are learnt too, as an unlabelled part; see <see cref="Distillation.MixedRecordings"/>.</summary>
    public int FeatureMixtures { get; init; }

    /// <summary>Dropout before the last layer, 0 to below 1.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Share of a target that is spread evenly over the labels.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Decay of the weights' moving average, which is what is exported, 0 to below 1; 0 exports the last step's weights.</summary>
    public double AverageDecay { get; init; } = 0.995;

    /// <summary>What runs the training steps; auto: CUDA where it can be had. Bits repeat on the same device.</summary>
    public InferenceDevice Device { get; init; } = InferenceDevice.Auto;

    /// <summary>Threads of ONNX Runtime; 0 for one per core. Bits repeat for the same number.</summary>
    public int Threads { get; init; }

    /// <summary>Epochs from one look at the validation sets to the next; the last epoch is always looked at.</summary>
    public int ValidateEvery { get; init; } = 5;

    /// <summary>
    /// Epochs without a lower validation loss after which the run stops and exports the weights of its best look; 0 to train to the end. The figures of a
    /// run that picked its epoch by a set flatter on that set: the best of many looks is partly luck.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>What the exported model's logits are divided by, such as a cross-validation found; null to fit it on the validation sets (1 where there are none).</summary>
    public double? Temperature { get; init; }

    /// <summary>Variation of the training windows.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Name written into the model's contract.</summary>
    public string ModelName { get; init; } = "streamgenre";

    /// <summary>Version written into the model's contract.</summary>
    public string ModelVersion { get; init; } = "0.0.0";

    /// <summary>What the contract says of the training data; null for the list of the parts.</summary>
    public string? TrainingData { get; init; }

    /// <summary>What the contract says of the licence.</summary>
    public string License { get; init; } = "NOASSERTION";

    // Far above any machine's cores; ONNX Runtime makes as many as it is told, and hangs over some thousands.
    private const int MostThreads = 1024;

    /// <summary>Steps of an epoch.</summary>
    [JsonIgnore]
    public int EpochSteps => EpochWindows / BatchWindows;

    /// <summary>Steps of the whole run.</summary>
    [JsonIgnore]
    public int Steps => Epochs * EpochSteps;

    /// <summary>Files beside the data that decide the run.</summary>
    [JsonIgnore]
    public IEnumerable<string> Files => Teachers.Append(CostMatrix).Append(Init).Append(FeatureTeacher).OfType<string>();

    /// <summary>How windows are drawn.</summary>
    public BatchOptions NewBatchOptions() => new()
    {
        Seed = Seed,
        Augmentation = Augmentation,
        LabelSmoothing = LabelSmoothing,
        Balance = Balance,
        WindowHopSeconds = WindowHopSeconds,
        IsMultiLabel = Loss == LossKind.MultiLabel,
        UnlabelledShare = UnlabelledShare,
    };

    /// <summary>The optimiser with its settings.</summary>
    public Optimizer NewOptimizer() => Optimizer switch
    {
        OptimizerKind.AdamW => new AdamW { WeightDecay = WeightDecay },
        OptimizerKind.Adam => new Adam { WeightDecay = WeightDecay },
        OptimizerKind.Sgd => new Sgd { WeightDecay = WeightDecay, Momentum = Momentum },
        _ => throw new TrainingException($"there is no optimiser {Optimizer}"),
    };

    /// <summary>The contract of a model of so many labels.</summary>
    public ModelContract Contract(IReadOnlyList<string> labels, double temperature) => FrontEnd.Contract(ModelName, ModelVersion, labels) with
    {
        Temperature = Loss == LossKind.MultiLabel ? 1 : temperature,
        ScoreKind = Loss == LossKind.MultiLabel ? ScoreKind.IndependentProbabilities : ScoreKind.Logits,
        OutputName = Loss == LossKind.MultiLabel ? "probabilities" : "logits",
        TrainingData = TrainingData ?? string.Join(", ", Data.Select(part => Path.GetFileName(Path.TrimEndingDirectorySeparator(part)))),
        License = License,
    };

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool ok, string error)
        {
            if (!ok)
            {
                errors.Add(error);
            }
        }

        Check(Data.Count > 0, "no data; name at least one npz or folder with --data");
        Check(HoldOutArtists is >= 0 and < 1, $"the share of artists held back is {HoldOutArtists}; it must be 0 or more and below 1");
        Check(Epochs >= 1, $"epochs is {Epochs}; it must be at least 1");
        Check(BatchWindows >= 2, $"the batch is {BatchWindows}; batch normalisation needs at least 2 windows");
        Check(EpochWindows >= BatchWindows, $"an epoch of {EpochWindows} windows holds no batch of {BatchWindows}; make --epoch-windows larger or --batch smaller");
        Check(LearningRate > 0, $"the learning rate is {LearningRate}; it must be above 0");
        Check(WeightDecay >= 0, $"the weight decay is {WeightDecay}; it must not be negative");
        Check(Dropout is >= 0 and < 1, $"dropout is {Dropout}; it must be 0 or more and below 1");
        Check(LabelSmoothing is >= 0 and < 1, $"label smoothing is {LabelSmoothing}; it must be 0 or more and below 1");
        Check(AverageDecay is >= 0 and < 1, $"the average's decay is {AverageDecay}; it must be 0 (no average) or more and below 1");
        Check(Momentum is >= 0 and < 1, $"the momentum is {Momentum}; it must be 0 or more and below 1");
        Check(WarmUpShare is null or (>= 0 and < 1), $"the warm-up is {WarmUpShare} of the steps; it must be 0 or more and below 1");
        Check(Loss != LossKind.CostSensitive || CostMatrix is not null, "a cost-sensitive loss needs a matrix of costs; name a CSV file with --costs");
        Check(Loss == LossKind.CostSensitive || CostMatrix is null, $"the costs {CostMatrix} have no effect without --loss cost-sensitive");
        Check(CostStrength >= 0, $"the weight of the costs is {CostStrength}; it must be 0 or more");
        Check(Balance is >= 0 and <= 1, $"the balance is {Balance}; it must be 0 (clips evenly) to 1 (labels evenly)");
        Check(Teachers.Count == 0 || Loss != LossKind.MultiLabel, "teachers give one distribution over the labels; a multi-label loss can't learn from them");
        Check(TeacherUnlabelled.Count == 0 || Teachers.Count > 0 || FeatureTeacher is not null, "unlabelled parts are learnt from teachers; name one with --teacher or --feature-teacher");
        Check(TeacherUnlabelled.Count == 0 || DistillWeight > 0 || FeatureTeacher is not null, "unlabelled parts are learnt from teachers; the weight of these must be above 0");
        Check(DistillWeight is >= 0 and <= 1, $"the teachers' weight is {DistillWeight}; it must be 0..1");
        Check(FeatureWeight > 0, $"the weight of the features is {FeatureWeight}; it must be above 0");
        Check(FeatureMixtures >= 0, $"feature-mixtures is {FeatureMixtures}; it must be 0 (none) or more");
        Check(FeatureMixtures == 0 || FeatureTeacher is not null, "mixtures have no genre; they are for learning features: name a teacher of these with --feature-teacher");
        Check(DistillTemperature > 0, $"the teachers' temperature is {DistillTemperature}; it must be above 0");
        Check(UnlabelledShare is > 0 and < 1, $"the unlabelled share is {UnlabelledShare}; it must be above 0 and below 1");
        Check(ClipNorm >= 0, $"the gradient's highest norm is {ClipNorm}; it must be 0 (no limit) or more");
        Check(Threads is >= 0 and <= MostThreads, $"threads is {Threads}; it must be 0 (one per core) to {MostThreads}");
        Check(Fold >= 0, $"fold is {Fold}; it must be 0 or more");
        Check(ValidateEvery >= 1, $"validate-every is {ValidateEvery}; it must be at least 1");
        var standsOnBackbone = NetworkCatalog.Find(Network).OnBackbone is not null;
        Check(!standsOnBackbone || Init is not null, MobileNet.NeedsBackbone);
        string?[] ofBackbones =
        [
            Init is null ? null : $"--init ({Init})",
            UnfreezeFrom is null ? null : $"--unfreeze-from ({UnfreezeFrom})",
            FrozenEpochs == 0 ? null : $"--frozen-epochs ({FrozenEpochs})",
        ];
        Check(standsOnBackbone || ofBackbones.All(option => option is null), $"{Network} stands on no backbone; leave out {string.Join(", ", ofBackbones.OfType<string>())}");
        Check(FrozenEpochs >= 0, $"frozen-epochs is {FrozenEpochs}; it must not be negative");
        Check(
            !standsOnBackbone || UnfreezeFrom is null || FrozenEpochs < Epochs,
            $"frozen-epochs is {FrozenEpochs} of {Epochs} epochs, so nothing is unfrozen; make it less, or leave out --unfreeze-from ({UnfreezeFrom})");
        Check(FineTuningShare is > 0 and <= 1, $"the backbone's share of the learning rate is {FineTuningShare}; it must be above 0 and at most 1");
        Check(WindowHopSeconds is null or > 0, $"the hop from window to window is {WindowHopSeconds} s; it must be above 0");
        errors.AddRange(FrontEnd.Errors());
        Check(Patience >= 0, $"the patience is {Patience} epochs; it must be 0 (train to the end) or more");
        Check(Temperature is null or (> 0 and < double.PositiveInfinity), $"the temperature is {Temperature}; it must be above 0");
        Check(Temperature is null || Loss != LossKind.MultiLabel, $"a multi-label model gives independent probabilities; leave out --temperature ({Temperature})");
        errors.AddRange(Augmentation.Errors());
        return errors;
    }
}
