using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using StreamGenre.StreamHost.Tests.Hosting;
using Alpha = Grpc.Reflection.V1Alpha;

namespace StreamGenre.StreamHost.Tests.Services;

[Trait("Category", "Server")]
public sealed class HealthAndReflectionTests
{
    private const string Service = "streamgenre.v1.GenreStreamService";

    [Theory]
    [InlineData("")]
    [InlineData(Service)]
    public async Task Check_KnownService_Serves(string service)
    {
        await using var server = await TestServer.StartAsync();
        var health = new Health.HealthClient(server.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status);
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using var server = await TestServer.StartAsync();
        var health = new Health.HealthClient(server.Channel);
        var error = await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync(new HealthCheckRequest { Service = "no.Such" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task List_AnyServer_TellsOfItselfAndItsService()
    {
        await using var server = await TestServer.StartAsync();
        var all = await new Health.HealthClient(server.Channel).ListAsync(new HealthListRequest());
        Assert.Equal(["", Service, "streamgenre.v1.HistoryService", "streamgenre.v1.SourceService"], all.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.All(all.Statuses.Values, response => Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status));
    }

    [Fact]
    public async Task Watch_ServerShutsDown_SaysNotServingAndEnds()
    {
        await using var server = await TestServer.StartAsync();
        using var watch = new Health.HealthClient(server.Channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
        var stopping = server.Server.StopAsync();
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(default));
        await stopping;
    }

    [Fact]
    public async Task Reflection_AskedForTheService_GivesFilesThatBuildTheSameSchema()
    {
        await using var server = await TestServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        async Task<ServerReflectionResponse> Ask(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(default));
            return call.ResponseStream.Current;
        }

        var list = await Ask(new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", Service, "streamgenre.v1.HistoryService", "streamgenre.v1.SourceService"],
            list.ListServicesResponse.Service.Select(service => service.Name));

        foreach (var symbol in new[] { Service, Service + ".Classify", "streamgenre.v1.GenreUpdate", "streamgenre.v1.GenreUpdate.sequence", "streamgenre.v1.StreamState" })
        {
            var files = (await Ask(new ServerReflectionRequest { FileContainingSymbol = symbol })).FileDescriptorResponse.FileDescriptorProto;

            // Imports stand behind what imports them; the builder wants them before.
            var built = FileDescriptor.BuildFromByteStrings(files.Reverse());
            Assert.Equal(["google/protobuf/timestamp.proto", "google/protobuf/duration.proto", "streamgenre/v1/genre_stream.proto"], built.Select(file => file.Name));
        }

        var byName = await Ask(new ServerReflectionRequest { FileByFilename = "google/protobuf/duration.proto" });
        Assert.Equal("google.protobuf", FileDescriptorProto.Parser.ParseFrom(Assert.Single(byName.FileDescriptorResponse.FileDescriptorProto)).Package);
        Assert.Equal((int)StatusCode.NotFound, (await Ask(new ServerReflectionRequest { FileContainingSymbol = "no.Such" })).ErrorResponse.ErrorCode);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task ReflectionAlpha_ListServices_AnswersAsV1Does()
    {
        await using var server = await TestServer.StartAsync();
        using var call = new Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Contains(Service, call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public async Task GetModel_DescribesTheContract()
    {
        await using var server = await TestServer.StartAsync();
        var model = await server.Client.GetModelAsync(new V1.GetModelRequest());
        Assert.Equal(("tiny", "0.1", 22_050, 128, 39, "CPU"), (model.Name, model.Version, model.SampleRateHz, model.MelBins, model.PatchFrames, model.ExecutionProvider));
        Assert.Equal(["alpha", "beta", "gamma", "delta"], model.Labels);
        Assert.Equal("tiny", model.Contract["name"]);
    }
}
