using StreamGenre.Stages.Inference;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Optimizers;

public sealed class TrainingDeviceTests
{
    [Fact]
    public void Find_CudaThatIsNotThere_SaysWhyAndWhatToDo()
    {
        // The tests are built without the CUDA provider.
        var error = Assert.Throws<TrainingException>(() => TrainingDevice.Find(InferenceDevice.Cuda));

        Assert.StartsWith("device cuda was asked for, but the CUDA provider is not there", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:Gpu=true", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Find_AutoWithoutCuda_TakesTheCpuAndSaysWhy()
    {
        var found = TrainingDevice.Find(InferenceDevice.Auto);

        Assert.Equal("CPU", found.Name);
        Assert.StartsWith("steps run on the CPU because the CUDA provider is not there (", found.Description, StringComparison.Ordinal);
        Assert.Equal("steps run on the CPU, as configured", TrainingDevice.Find(InferenceDevice.Cpu).Description);
    }

    [Fact]
    public void Read_AfterWrite_GivesTheValuesBack()
    {
        using var tensor = TrainingDevice.Cpu.Allocate([1, 2, 3]);
        Assert.Equal([1f, 2, 3], TrainingDevice.Cpu.Read(tensor));

        TrainingDevice.Cpu.Write([4, 5, 6], tensor);

        Assert.Equal([4f, 5, 6], TrainingDevice.Cpu.Read(tensor));
    }
}
