using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using StreamGenre.StreamHost.Tests.Commands;
using StreamGenre.StreamHost.Tests.History.Postgres;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Http;
using static StreamGenre.V1.HistoryService;

namespace StreamGenre.StreamHost.Tests.Services;

/// <summary>A stream's history by gRPC, HTTP and the command line, in memory and in a real database.</summary>
[Trait("Category", "Server")]
public sealed class HistoryServiceTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task GetHistory_EndedStream_SharesItsAudio()
    {
        await using var server = await TestServer.StartAsync();
        await PlayAsync(server, "kitchen");
        var history = await Client(server).GetHistoryAsync(new V1.GetHistoryRequest { StreamId = "kitchen" });
        Assert.True(history.Complete);
        Assert.False(history.Truncated);
        Assert.Equal(20, history.Audio.ToTimeSpan().TotalSeconds);
        Assert.Equal(20, history.Minutes.Sum(minute => minute.Audio.ToTimeSpan().TotalSeconds));

        // 6 s without sound hold windows of 3 s that end in 4 of them.
        Assert.Equal(4 / 20f, history.SilentShare, 1e-5f);
        Assert.Equal(0, history.UnannouncedShare);
        Assert.Equal(1, history.SilentShare + history.Shares.Sum(share => share.Share), 1e-4f);
        Assert.Equal(history.Shares.OrderByDescending(share => share.Share), history.Shares);
        Assert.Equal("", history.Changes[0].FromGenre);
        Assert.Contains(history.Changes, change => change.State == V1.StreamState.Silent && change.ToGenre.Length == 0);
        Assert.Equal((V1.StreamState.Ended, ""), (history.Changes[^1].State, history.Changes[^1].ToGenre));
        Assert.Equal(history.Changes.Skip(1).Select(change => change.FromGenre), history.Changes.SkipLast(1).Select(change => change.ToGenre));

        var one = await Client(server).GetHistoryAsync(new V1.GetHistoryRequest { StreamId = "kitchen", Limit = 1 });
        Assert.True(one.Truncated);
        Assert.Equal(history.Changes[^1], Assert.Single(one.Changes));
    }

    [Fact]
    public async Task GetHistory_WrongOrUnknown_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        var now = Timestamp.FromDateTime(DateTime.UtcNow);
        async Task<Status> Refusal(V1.GetHistoryRequest request) => (await Assert.ThrowsAsync<RpcException>(() => Client(server).GetHistoryAsync(request).ResponseAsync)).Status;
        Assert.Equal(StatusCode.NotFound, (await Refusal(new V1.GetHistoryRequest { StreamId = "nobody" })).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Refusal(new V1.GetHistoryRequest { StreamId = "a", Since = now, Until = now })).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Refusal(new V1.GetHistoryRequest { StreamId = "a", Since = new Timestamp { Seconds = long.MaxValue } })).StatusCode);
        Assert.Contains("limit is 50001; it must be 1..50000", (await Refusal(new V1.GetHistoryRequest { StreamId = "a", Limit = 50_001 })).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_OverHttp_IsJsonOrCsvAndTellsWhatIsWrong()
    {
        await using var server = await TestServer.StartAsync();
        await PlayAsync(server, "radio/one");
        using var http = server.Http();
        Task<string> Get(string query) => http.GetStringAsync(new Uri("/v1/streams/radio%2Fone/" + query, UriKind.Relative));
        using var json = JsonDocument.Parse(await Get("history?since=2h"));
        var changes = json.RootElement.GetProperty("changes").GetArrayLength();
        Assert.True(changes >= 4);
        Assert.Equal("20s", json.RootElement.GetProperty("audio").GetString());

        var csv = (await Get("history?format=csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("time,from_genre,to_genre,confidence,state,audio_seconds,stream_title,instance", csv[0]);
        Assert.Equal(changes, csv.Length - 1);
        var minutes = (await Get("history?format=csv&rows=minutes")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("start,audio_seconds,silent_share,unannounced_share,dropped_windows,instance,share:", minutes[0], StringComparison.Ordinal);
        Assert.Equal(20, minutes[1..].Sum(line => double.Parse(line.Split(',')[1])));

        var events = HttpClientOf.Events(await Get("changes?after=0"));
        Assert.Equal(changes, events.Count);
        Assert.Equal(Enumerable.Range(1, changes).Select(number => number.ToString()), events.Select(item => item.Id!));
        using var resume = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/streams/radio%2Fone/changes", UriKind.Relative)) { Headers = { { "Last-Event-ID", "2" } } };
        using var resumed = await http.SendAsync(resume);
        Assert.Equal(changes - 2, HttpClientOf.Events(await resumed.Content.ReadAsStringAsync()).Count);
        using var done = await http.GetAsync(new Uri("/v1/streams/radio%2Fone/changes", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);

        foreach (var (query, status, part) in new[]
        {
            ("history?since=tomorrow", HttpStatusCode.BadRequest, "since is 'tomorrow'"), ("history?format=xml", HttpStatusCode.BadRequest, "json or csv"),
            ("history?rows=all", HttpStatusCode.BadRequest, "changes or minutes"), ("history?limit=-1", HttpStatusCode.BadRequest, "limit is '-1'"),
            ("changes?after=x", HttpStatusCode.BadRequest, "after is 'x'"), ("../nobody/history", HttpStatusCode.NotFound, "Nothing is known"),
        })
        {
            using var response = await http.GetAsync(new Uri("/v1/streams/radio%2Fone/" + query, UriKind.Relative));
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(part, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Commands_HistoryAndChanges_ShowThem()
    {
        await using var server = await TestServer.StartAsync();
        await PlayAsync(server, "kitchen");
        async Task<string[]> Run(params string[] arguments)
        {
            var (exitCode, output, errors) = await BuiltProgram.RunAsync("none", [.. arguments, "--server", server.Server.GrpcAddress]);
            Assert.True(exitCode == 0, string.Join('\n', errors));
            return output;
        }

        var words = await Run("history", "kitchen", "--since", "2h");
        Assert.Contains("kitchen: 0:00:20 of audio", words[0], StringComparison.Ordinal);
        Assert.Contains(words, line => line.Contains("silence", StringComparison.Ordinal) && line.Contains("20 %", StringComparison.Ordinal));
        Assert.Contains(words, line => line.Contains("-> the end", StringComparison.Ordinal));
        Assert.StartsWith("time,from_genre", (await Run("history", "kitchen", "--csv"))[0], StringComparison.Ordinal);
        Assert.StartsWith("start,audio_seconds", (await Run("history", "kitchen", "--csv", "minutes"))[0], StringComparison.Ordinal);
        var json = V1.GetHistoryResponse.Parser.ParseJson(Assert.Single(await Run("history", "kitchen", "--json")));
        Assert.Equal(json.Changes.Count, (await Run("subscribe", "kitchen", "--changes", "--from", "1")).Length);
        Assert.Equal(
            json.Changes.Select(change => change.ToGenre),
            (await Run("subscribe", "kitchen", "--changes", "--from", "1", "--json")).Select(line => V1.GenreChanged.Parser.ParseJson(line).ToGenre));
        var (code, _, refusal) = await BuiltProgram.RunAsync("none", "history", "kitchen", "--since", "never");
        Assert.Equal(2, code);
        Assert.Contains("--since is 'never'", refusal[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_SharedByTwoServersAndStoppedMeanwhile_OutlivesThemAndNeverHoldsAStreamUp()
    {
        var database = await postgres.CreateDatabaseAsync();
        Task<TestServer> StartAsync(string name) => TestServer.StartAsync(("History:Postgres", database), ("History:Instance", name));
        await using (var one = await StartAsync("one"))
        await using (var two = await StartAsync("two"))
        {
            await PlayAsync(one, "kitchen");
            await PlayAsync(two, "kitchen");
            var both = await WaitForAsync(one, history => history.Audio.ToTimeSpan().TotalSeconds >= 40, "what both heard");
            Assert.Equal(["one", "two"], both.Changes.Select(change => change.Instance).Distinct().Order());
            Assert.Equal(20, (await Client(two).GetHistoryAsync(new V1.GetHistoryRequest { StreamId = "kitchen", Instance = "one" })).Audio.Seconds);

            await postgres.StopAsync();
            await PlayAsync(one, "bath");
            using var http = one.Http();
            await Eventually.TrueAsync(
                async () => (await http.GetStringAsync(new Uri("/healthz", UriKind.Relative))).Contains("is away", StringComparison.Ordinal), "the health to tell of it");
            Assert.StartsWith("ok\n", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)), StringComparison.Ordinal);
            var alone = await Client(one).GetHistoryAsync(new V1.GetHistoryRequest { StreamId = "bath" });
            Assert.Equal((20L, false), (alone.Audio.Seconds, alone.Complete));
            await postgres.StartAsync();
            await WaitForAsync(one, history => history.Complete, "the database to be found again", "bath");
        }

        // The servers are gone, and what they heard last was written before that.
        await using var next = await StartAsync("three");
        await WaitForAsync(next, history => history.Audio.ToTimeSpan().TotalSeconds == 40, "what the servers before heard");
        await WaitForAsync(next, history => history.Audio.ToTimeSpan().TotalSeconds == 20 && history.Changes.All(change => change.Instance == "one"), "what was heard meanwhile", "bath");
    }

    [Fact]
    public async Task Meter_WithADatabase_CountsItsRows()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Name.StartsWith("streamgenre.history.rows.", StringComparison.Ordinal) && instrument.Unit == "{row}")
            {
                me.EnableMeasurementEvents(instrument);
            }
        };
        void Note(Instrument instrument, long value) => seen.AddOrUpdate(instrument.Name.Split('.')[^1], value, (_, before) => Math.Max(before, value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Note(instrument, value));
        listener.Start();
        await using var server = await TestServer.StartAsync(("History:Postgres", await postgres.CreateDatabaseAsync()));
        await PlayAsync(server, "kitchen");

        // Other tests' servers may run beside this one: at least ours is seen.
        await Eventually.TrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return Task.FromResult(seen.GetValueOrDefault("memory") >= 5 && seen.GetValueOrDefault("written") >= 5);
        }, "rows to be counted");
        Assert.Equal(["buffered", "dropped", "memory", "written"], seen.Keys.Order());
    }

    private static HistoryServiceClient Client(TestServer server) => new(server.Channel);

    private static async Task PlayAsync(TestServer server, string id)
    {
        using var publisher = await WatchGenresTests.OpenAsync(server, id);
        await WatchGenresTests.SendAsync(publisher);
    }

    private static async Task<V1.GetHistoryResponse> WaitForAsync(TestServer server, Func<V1.GetHistoryResponse, bool> condition, string what, string id = "kitchen")
    {
        V1.GetHistoryResponse? history = null;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                history = await Client(server).GetHistoryAsync(new V1.GetHistoryRequest { StreamId = id });
                return condition(history);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                return false;
            }
        }, what);
        return history!;
    }
}
