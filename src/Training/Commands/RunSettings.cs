using System.CommandLine;
using System.Globalization;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary>
/// The options that decide a training run. A run starts from its network's recipe, and each option that was given replaces one property of it; so an
/// option has no default of its own.
/// </summary>
internal sealed class RunSettings
{
    private const string SplitOptionName = "--split-by";

    private static readonly string[] MelOptionNames = ["--sample-rate", "--fft", "--hop", "--mels", "--min-hz", "--max-hz"];

    private static readonly string[] FrontEndOptionNames = [.. MelOptionNames, "--window-seconds", "--wavelet", "--wavelet-octaves", "--wavelet-splits"];

    private static readonly string[] HoldOutOptionNames = ["--holdout-artists", "--holdout-seed", "--fold"];

    private readonly List<Option> _options = [];
    private readonly List<Func<ParseResult, TrainingRunOptions, TrainingRunOptions>> _overrides = [];
    private readonly PartSettings _parts = new();
    private readonly Option<string> _network = new("--network")
    {
        Description = $"Architecture: {string.Join(", ", NetworkCatalog.All.Select(network => network.Name))}; --list says what they are",
        DefaultValueFactory = _ => NetworkCatalog.DefaultName,
    };

    /// <summary>All options.</summary>
    public RunSettings()
    {
        AddData();
        _options.Add(_network);
        AddFrontEnd();
        AddOptimisation();
        AddAugmentation();
        AddDistillation();
        Add("--name", "Name in the model's contract", o => o.ModelName, (o, value) => o with { ModelName = value });
        Add("--model-version", "Version in the model's contract", o => o.ModelVersion, (o, value) => o with { ModelVersion = value });
        Add("--training-data", "What the contract says of the training data", o => o.TrainingData, (o, value) => o with { TrainingData = value }, "the parts' names");
        Add("--license", "What the contract says of the weights' licence", o => o.License, (o, value) => o with { License = value });
    }

    /// <summary>For the command to take.</summary>
    public IReadOnlyList<Option> Options => _options;

    /// <summary>The recipe of the network that was asked for, with what was given in place of its own.</summary>
    /// <exception cref="TrainingException">There is no such network, or an option of the mels stands beside mels that are made already.</exception>
    public TrainingRunOptions Read(ParseResult parsed)
    {
        var network = NetworkCatalog.Find(parsed.GetValue(_network)!);
        var options = _overrides.Aggregate(network.Recipe with { Network = network.Name }, (options, replace) => replace(parsed, options));
        if (options.Init is { } init && network.BackboneFrontEnd?.Invoke(init) is { } frontEnd)
        {
            options = Given(parsed).Intersect(FrontEndOptionNames).ToList() is { Count: > 0 } others
                ? throw new TrainingException($"the backbone {init} takes windows of the default front end; leave out {string.Join(", ", others)}")
                : options with { FrontEnd = frontEnd };
        }

        if (options.Validation.Count > 0 && !Given(parsed).Contains(SplitOptionName))
        {
            // A recipe's split is for those who bring one set; who brings a validation set has split already.
            options = options with { SplitBy = null };
        }

        if (options.SplitBy is null && options.Data.Count > 0 && options.Data.All(DataReader.IsStoredMels)
            && string.Join(", ", Given(parsed).Intersect(HoldOutOptionNames).Where(name => options.HoldOutArtists > 0 || name != HoldOutOptionNames[0])) is { Length: > 0 } idle)
        {
            throw new TrainingException($"of npz files nothing is held back without --split-by, so {idle} has no effect; add --split-by artist:0.75/0.25, or leave it out");
        }

        if (options.Data.Concat(options.Validation).FirstOrDefault(DataReader.IsStoredMels) is not { } stored)
        {
            return options;
        }

        var refused = Given(parsed).Intersect(MelOptionNames).ToList();
        return refused.Count == 0
            ? options with { FrontEnd = options.FrontEnd.OfStoredMels() }
            : throw new TrainingException($"the mels of {stored} are made already; leave out {string.Join(", ", refused)}, or train on audio alone");
    }

    /// <summary>Names of the options that were given.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        _options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    private void AddData()
    {
        AddList("--data", "A part of the training set; repeat for more", (o, value) => o with { Data = value });
        AddList("--validate", "A set to measure on; repeat for more", (o, value) => o with { Validation = value });
        Add("--split", "Only rows of this split in folders' index.csv", o => o.Split, (o, value) => o with { Split = value }, "all");
        _options.AddRange(_parts.Options);
        _overrides.Add((parsed, o) => o with { Parts = _parts.Read(parsed, o.Parts) });
        Add(SplitOptionName, $"How each part of the training set is split: {SplitRule.Forms}", o => o.SplitBy, (o, value) => o with { SplitBy = value }, "--holdout-artists of folders");
        Add("--holdout-artists", "Share of each folder's artists held back from training", o => o.HoldOutArtists, (o, value) => o with { HoldOutArtists = value });
        Add("--holdout-seed", "Seed of the draw of what is held back", o => o.HoldOutSeed, (o, value) => o with { HoldOutSeed = value });
        Add("--fold", "Which block of what is drawn is held back", o => o.Fold, (o, value) => o with { Fold = value });
    }

    private void AddFrontEnd()
    {
        void Change<T>(string name, string description, Func<FrontEnd, T> get, Func<FrontEnd, T, FrontEnd> set) =>
            Add(name, description, o => get(o.FrontEnd), (o, value) => o with { FrontEnd = set(o.FrontEnd, value) });

        Change("--window-seconds", "Audio under one window, in seconds", f => f.WindowSeconds, (f, value) => f with { WindowSeconds = value });
        Add(
            "--window-hop",
            "Seconds from window to window where recordings are cut on a grid",
            o => o.WindowHopSeconds,
            (o, value) => o with { WindowHopSeconds = value },
            "anywhere in training, 1 in measuring");
        Change("--sample-rate", "Of the audio that mels are made of, in Hz", f => f.Mel.SampleRateHz, (f, value) => f with { Mel = AtRate(f.Mel, value) });
        Change("--fft", "Samples of an FFT", f => f.Mel.FftSize, (f, value) => f with { Mel = f.Mel with { FftSize = value, FrameSamples = value } });
        Change("--hop", "Samples from frame to frame", f => f.Mel.HopSamples, (f, value) => f with { Mel = f.Mel with { HopSamples = value } });
        Change("--mels", "Mel bands", f => f.Mel.MelBins, (f, value) => f with { Mel = f.Mel with { MelBins = value } });
        Change("--min-hz", "Lowest edge of the mel bands, in Hz", f => f.Mel.MinFrequencyHz, (f, value) => f with { Mel = f.Mel with { MinFrequencyHz = value } });
        Change("--max-hz", "Highest edge of the mel bands, in Hz; half the sample rate at most", f => f.Mel.MaxFrequencyHz, (f, value) => f with { Mel = f.Mel with { MaxFrequencyHz = value } });
        AddWavelet();
    }

    // Bands that reached to the top do so at another rate, and none reach beyond.
    private static MelOptions AtRate(MelOptions mel, int rate) =>
        mel with { SampleRateHz = rate, MaxFrequencyHz = mel.MaxFrequencyHz == mel.SampleRateHz / 2.0 ? rate / 2.0 : Math.Min(mel.MaxFrequencyHz, rate / 2.0) };

    private void AddWavelet()
    {
        // Each of them asks for wavelet bands, whatever the network.
        void Change<T>(string name, string description, Func<WaveletOptions, T> get, Func<WaveletOptions, T, WaveletOptions> set, string whenNone)
            where T : struct =>
            Add<T?>(
                name,
                description,
                o => o.FrontEnd.Mel.Wavelet is { } wavelet ? get(wavelet) : null,
                (o, value) => value is { } given
                    ? o with { FrontEnd = o.FrontEnd with { Mel = o.FrontEnd.Mel with { Wavelet = set(o.FrontEnd.Mel.Wavelet ?? new(), given) } } }
                    : o,
                whenNone);

        Change("--wavelet", "Wavelet whose bands stand beside the mel bands", w => w.Family, (w, value) => w with { Family = value }, "none");
        Change("--wavelet-octaves", "Octaves that the wavelet takes off the top", w => w.Octaves, (w, value) => w with { Octaves = value }, "5");
        Change("--wavelet-splits", "Halvings of each octave and of what is left", w => w.Splits, (w, value) => w with { Splits = value }, "3");
    }

    private void AddOptimisation()
    {
        Add("--epochs", "Epochs", o => o.Epochs, (o, value) => o with { Epochs = value });
        Add("--epoch-windows", "Windows drawn in an epoch", o => o.EpochWindows, (o, value) => o with { EpochWindows = value });
        Add("--batch", "Windows in a step", o => o.BatchWindows, (o, value) => o with { BatchWindows = value });
        Add("--optimizer", "What makes a step of a gradient", o => o.Optimizer, (o, value) => o with { Optimizer = value });
        Add("--momentum", "SGD's momentum; 0 for none", o => o.Momentum, (o, value) => o with { Momentum = value });
        Add("--learning-rate", "Highest rate of the schedule", o => o.LearningRate, (o, value) => o with { LearningRate = value });
        Add("--schedule", "How the rate moves over the run", o => o.Schedule, (o, value) => o with { Schedule = value });
        Add("--warm-up", "Share of the steps over which the rate rises", o => o.WarmUpShare, (o, value) => o with { WarmUpShare = value }, "0.2 for one-cycle, else 0");
        Add("--weight-decay", "The optimiser's weight decay", o => o.WeightDecay, (o, value) => o with { WeightDecay = value });
        Add("--clip-norm", "Highest norm of the gradient; 0 for no limit", o => o.ClipNorm, (o, value) => o with { ClipNorm = value });
        Add("--average-decay", "Decay a step of the weights' moving average, which is exported; 0 for none", o => o.AverageDecay, (o, value) => o with { AverageDecay = value });
        Add("--init", "ONNX file of the backbone that the network stands on", o => o.Init, (o, value) => o with { Init = value is null ? null : Path.GetFullPath(value) });
        Add("--unfreeze-from", "First layer of the backbone that is fine-tuned, by its name in the file", o => o.UnfreezeFrom, (o, value) => o with { UnfreezeFrom = value }, "all are");
        Add("--frozen-epochs", "Epochs at the beginning in which the backbone stays as it is", o => o.FrozenEpochs, (o, value) => o with { FrozenEpochs = value });
        Add("--fine-tuning-share", "Share of the learning rate at which the backbone is trained after that", o => o.FineTuningShare, (o, value) => o with { FineTuningShare = value });
        Add("--loss", "What training makes small", o => o.Loss, (o, value) => o with { Loss = value });
        Add("--costs", "CSV file of what each confusion costs, for --loss cost-sensitive: a header of labels, then a row for each true label", o => o.CostMatrix, (o, value) => o with { CostMatrix = value });
        Add("--cost-strength", "Weight of the expected cost beside the cross entropy", o => o.CostStrength, (o, value) => o with { CostStrength = value });
        Add("--balance", "How evenly labels are drawn: 0 in proportion to their clips, 1 evenly", o => o.Balance, (o, value) => o with { Balance = value });
        Add("--label-smoothing", "Share of a target that is spread evenly over the labels", o => o.LabelSmoothing, (o, value) => o with { LabelSmoothing = value });
        Add("--dropout", "Dropout rate", o => o.Dropout, (o, value) => o with { Dropout = value });
        Add("--seed", "Seed of weights, batches and dropout", o => o.Seed, (o, value) => o with { Seed = value });
        Add("--device", "What runs the training steps; auto takes CUDA where it can be had", o => o.Device, (o, value) => o with { Device = value });
        Add("--threads", "Threads of ONNX Runtime; 0 for one per core", o => o.Threads, (o, value) => o with { Threads = value });
        Add("--validate-every", "Epochs from one look at the validation sets to the next", o => o.ValidateEvery, (o, value) => o with { ValidateEvery = value });
        Add("--temperature", "What the exported model's logits are divided by, such as cross-validate finds", o => o.Temperature, (o, value) => o with { Temperature = value }, "fitted on the validation sets");
        Add("--patience", "Epochs without a lower validation loss after which the run stops; 0 to train to the end", o => o.Patience, (o, value) => o with { Patience = value });
    }

    private void AddAugmentation()
    {
        var none = new Option<bool>("--no-augmentation") { Description = "Feed windows as the server would make them, but for the variations that are asked for" };
        _options.Add(none);
        _overrides.Add((parsed, o) => parsed.GetValue(none) ? o with { Augmentation = AugmentationOptions.None } : o);
        void Vary<T>(string name, string description, Func<AugmentationOptions, T> get, Func<AugmentationOptions, T, AugmentationOptions> set) =>
            Add(name, description, o => get(o.Augmentation), (o, value) => o with { Augmentation = set(o.Augmentation, value) });

        Vary("--mixup", "Alpha of mixup; 0 for none", a => a.MixupAlpha, (a, value) => a with { MixupAlpha = value });
        Vary("--time-stretch", "Farthest change of tempo, as a factor; 1 for none", a => a.TimeStretch, (a, value) => a with { TimeStretch = value });
        Vary("--zoom-out", "Share of windows that squeeze twice as much audio", a => a.ZoomOutProbability, (a, value) => a with { ZoomOutProbability = value });
        Vary("--shift", "Farthest random shift along the mel axis, in bins", a => a.ShiftMelBins, (a, value) => a with { ShiftMelBins = value });
        Vary("--gain", "Deviation of the random gain, in dB", a => a.GainDecibels, (a, value) => a with { GainDecibels = value });
        Vary("--eq", "Deviation of the random equaliser, in dB", a => a.EqualizerDecibels, (a, value) => a with { EqualizerDecibels = value });
        Vary("--low-pass", "Share of windows under a random low-pass", a => a.LowPassProbability, (a, value) => a with { LowPassProbability = value });
        Vary("--high-pass", "Share of windows under a random high-pass", a => a.HighPassProbability, (a, value) => a with { HighPassProbability = value });
        Vary("--noise", "Share of windows over a noise floor", a => a.NoiseProbability, (a, value) => a with { NoiseProbability = value });
        Vary("--background", "Share of windows with another recording in the background", a => a.BackgroundProbability, (a, value) => a with { BackgroundProbability = value });
        Vary("--background-db", "How far the background lies under the window at the least, in dB", a => a.BackgroundDecibels, (a, value) => a with { BackgroundDecibels = value });
        Vary("--mask", "Share of windows with blanked mel bands, and with blanked frames", a => a.MaskProbability, (a, value) => a with { MaskProbability = value });
        Vary("--mel-masks", "Blanked mel bands in such a window", a => a.MelMasks, (a, value) => a with { MelMasks = value });
        Vary("--mel-mask-bins", "Widest blanked mel band, in bins", a => a.MaskMelBins, (a, value) => a with { MaskMelBins = value });
        Vary("--frame-masks", "Blanked stretches of frames in such a window", a => a.FrameMasks, (a, value) => a with { FrameMasks = value });
        Vary("--frame-mask-frames", "Longest blanked stretch, in frames", a => a.MaskFrames, (a, value) => a with { MaskFrames = value });
    }

    private void AddDistillation()
    {
        AddList("--teacher", "A finished ONNX model of the same front end to learn from; repeat for more", (o, value) => o with { Teachers = value });
        AddList("--teacher-unlabelled", "A part of which only the teachers' answers are learnt; repeat for more", (o, value) => o with { TeacherUnlabelled = value });
        Add("--distill-weight", "The teachers' weight; the labels have the rest", o => o.DistillWeight, (o, value) => o with { DistillWeight = value });
        Add("--distill-temperature", "Temperature at which teachers and student are compared", o => o.DistillTemperature, (o, value) => o with { DistillTemperature = value });
        Add("--feature-teacher", "An ONNX model from windows to features, such as adapt makes, whose features are learnt", o => o.FeatureTeacher, (o, value) => o with { FeatureTeacher = value });
        Add("--feature-weight", "Weight of the features beside the labels", o => o.FeatureWeight, (o, value) => o with { FeatureWeight = value });
        Add("--feature-mixtures", "Mixtures of two training recordings whose features are learnt too", o => o.FeatureMixtures, (o, value) => o with { FeatureMixtures = value });
        Add("--unlabelled-share", "Share of each batch that comes from the unlabelled parts", o => o.UnlabelledShare, (o, value) => o with { UnlabelledShare = value });
    }

    /// <summary>An option that replaces one property where it is given.</summary>
    private void Add<T>(
        string name,
        string description,
        Func<TrainingRunOptions, T> get,
        Func<TrainingRunOptions, T, TrainingRunOptions> set,
        string whenNull = "none")
    {
        var option = new Option<T>(name) { Description = $"{description} (default: {Default(get, whenNull)})" };
        if (Choice.Is(typeof(T)))
        {
            Choice.Restrict(option);
        }

        _options.Add(option);
        _overrides.Add((parsed, options) => parsed.GetResult(option) is { Implicit: false } ? set(options, parsed.GetValue(option)!) : options);
    }

    private void AddList(string name, string description, Func<TrainingRunOptions, string[], TrainingRunOptions> set)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        _options.Add(option);
        _overrides.Add((parsed, options) => parsed.GetResult(option) is { Implicit: false } ? set(options, parsed.GetValue(option)!) : options);
    }

    private static string Default<T>(Func<TrainingRunOptions, T> get, string whenNull)
    {
        var values = NetworkCatalog.All.Select(network => get(network.Recipe)).Distinct().ToList();
        return values switch
        {
            [null] => whenNull,
            [var value] when typeof(T).IsEnum => Choice.Name(typeof(T), value),
            [var value] => string.Create(CultureInfo.InvariantCulture, $"{value}"),
            _ => "the network's recipe",
        };
    }
}
