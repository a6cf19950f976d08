using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StreamGenre.AudioFiles.Tests;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Http;

[Trait("Category", "Server")]
public sealed class ClassifyFileTests
{
    [Fact]
    public async Task Classify_ABodyOrAPart_GivesTheSameScores()
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        var wav = WavFile.Of(Sound.Noise(6), Sound.SampleRateHz);
        using var body = await PostAsync(http, "/v1/classify?windows=true", new ByteArrayContent(wav));
        Assert.Equal((6.0, 4), (body.RootElement.GetProperty("audioSeconds").GetDouble(), body.RootElement.GetProperty("windows").GetInt32()));
        var scores = body.RootElement.GetProperty("scores").EnumerateArray().ToList();
        Assert.Equal(body.RootElement.GetProperty("topGenre").GetString(), scores[0].GetProperty("genre").GetString());
        Assert.Equal(1, scores.Sum(score => score.GetProperty("score").GetDouble()), 1e-4);
        Assert.Equal(5, body.RootElement.GetProperty("updates").GetArrayLength());

        using var form = new MultipartFormDataContent { { new StringContent("x"), "note" }, { new ByteArrayContent(wav), "file", "noise.wav" } };
        using var part = await PostAsync(http, "/v1/classify", form);
        Assert.Equal(body.RootElement.GetProperty("scores").GetRawText(), part.RootElement.GetProperty("scores").GetRawText());
        Assert.False(part.RootElement.TryGetProperty("updates", out _));
    }

    [Fact]
    public async Task Classify_AsEvents_SendsEveryUpdateThenTheResult()
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var content = new ByteArrayContent(WavFile.Of(Sound.Noise(5), Sound.SampleRateHz));
        using var response = await http.PostAsync(new Uri("/v1/classify?hop=0.5&smoothing=2", UriKind.Relative), content);
        var events = HttpClientOf.Events(await response.Content.ReadAsStringAsync());
        Assert.Equal(["update", "update", "update", "update", "update", "update", "result"], events.Select(item => item.Kind!));
        Assert.Equal(5, events[^1].Data.GetProperty("windows").GetInt32());
    }

    [Theory]
    [InlineData("", new byte[0], HttpStatusCode.BadRequest, "empty")]
    [InlineData("?hop=99", null, HttpStatusCode.BadRequest, "0.1..30")]
    [InlineData("", new byte[] { 1, 2, 3, 4 }, HttpStatusCode.UnsupportedMediaType, "the file")]
    public async Task Classify_WhatCantBeHeard_IsAProblem(string query, byte[]? body, HttpStatusCode status, string said)
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        using var content = new ByteArrayContent(body ?? WavFile.Of(Sound.Noise(3), Sound.SampleRateHz));
        using var response = await http.PostAsync(new Uri("/v1/classify" + query, UriKind.Relative), content);
        await response.AssertProblemAsync(status, said);
    }

    [Fact]
    public async Task Classify_MultipartThatBreaksOff_IsAProblemThatSaysHowToSendOne()
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var response = await http.PostAsync(new Uri("/v1/classify", UriKind.Relative), content);
        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "curl -F file=@song.mp3");
    }

    [Fact]
    public async Task Classify_TooLongABody_IsRefusedWithTheLimit()
    {
        await using var server = await TestServer.StartAsync(("Server:MaxUploadBytes", "1024"));
        using var http = server.Http();
        using var content = new ByteArrayContent(new byte[2000]);
        using var response = await http.PostAsync(new Uri("/v1/classify", UriKind.Relative), content);
        await response.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "1024");

        // Of unknown length, so that it has to be counted.
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[2000]), "file", "a.wav" } };
        using var counted = await http.PostAsync(new Uri("/v1/classify", UriKind.Relative), form);
        await counted.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "1024");
    }

    [Fact]
    public async Task Classify_FullServer_SaysWhenToComeBack()
    {
        await using var server = await TestServer.StartAsync(("Sessions:MaxStreams", "1"));
        using var holder = await server.OpenSocketAsync("/v1/streams/a/audio?rate=8000");
        await holder.ReadAsync();
        using var http = server.Http();
        using var content = new ByteArrayContent(WavFile.Of(Sound.Noise(3), Sound.SampleRateHz));
        using var response = await http.PostAsync(new Uri("/v1/classify", UriKind.Relative), content);
        Assert.NotNull(response.Headers.RetryAfter);
        await response.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "maximum of 1");
    }

    [Fact]
    public async Task Upload_WhenDone_LeavesNoFileAndGivesItsPlaceBack()
    {
        using var uploads = new StreamHost.Http.Uploads(new StreamHost.Hosting.ServerOptions());
        var places = new List<IDisposable>();
        for (var place = 0; place < Math.Max(4, 2 * Environment.ProcessorCount); place++)
        {
            places.Add(uploads.Enter());
        }

        Assert.Equal(503, Assert.Throws<StreamHost.Http.HttpRefusedException>(() => uploads.Enter()).Status);
        using var bytes = new MemoryStream([1, 2, 3]);
        var path = await uploads.SaveAsync(new StreamHost.Http.UploadBody(bytes, 3, "a"), CancellationToken.None);
        Assert.True(File.Exists(path));
        await new StreamHost.Http.UploadedFile(path, "a", places[0]).DisposeAsync();
        Assert.False(File.Exists(path));
        uploads.Enter().Dispose();
    }

    private static async Task<JsonDocument> PostAsync(HttpClient http, string path, HttpContent content)
    {
        using (content)
        {
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonDocument.Parse(text);
        }
    }
}
