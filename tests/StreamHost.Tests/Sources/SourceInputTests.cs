using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Tests.Sources;

public sealed class SourceInputTests
{
    [Theory]
    [InlineData("http://me:secret@host/x", "http://me:***@host/x")]
    [InlineData("http://me:se:cr@et@host:80/x", "http://me:***@host:80/x")]
    [InlineData("https://host/x?token=abc&station=1", "https://host/x?token=***&station=1")]
    [InlineData("https://host/x?a=1&Api_Key=abc", "https://host/x?a=1&Api_Key=***")]
    [InlineData("error: http://me:secret@host/x: 404; rtsp://a:b@c/ too", "error: http://me:***@host/x: 404; rtsp://a:***@c/ too")]
    [InlineData("http://host:8000/a@b:c", "http://host:8000/a@b:c")]
    [InlineData("http://me@host/x", "http://me@host/x")]
    public void Redact_TextWithUrls_HidesTheirSecretsAndNothingElse(string text, string expected) => Assert.Equal(expected, SourceInput.Redact(text));

    [Theory]
    [InlineData("")]
    [InlineData("radio.example/live.mp3")]
    [InlineData("http:///live.mp3")]
    [InlineData("http://host/a b")]
    [InlineData("http://host/a\nb")]
    [InlineData("subfile,,start,0,end,9,,:/etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("-i")]
    [InlineData("concat:a|b")]
    [InlineData("pipe:0")]
    public void ErrorOf_WhatIsNoSource_SaysSo(string url) => Assert.StartsWith("url ", SourceInput.ErrorOf(url), StringComparison.Ordinal);

    [Fact]
    public void ErrorOf_LongUrlWithAPassword_DoesNotShowIt()
    {
        var error = SourceInput.ErrorOf("http://me:secret@host/" + new string('x', 200) + " y");
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.Contains("2048", SourceInput.ErrorOf("http://host/" + new string('x', 2048)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://radio.example/live.mp3", "https")]
    [InlineData("HTTP://radio.example", "http")]
    [InlineData("rtsp://me:secret@[::1]:554/x", "rtsp")]
    [InlineData("file:/music/a b.wav", null)]
    [InlineData("file:/music/a.wav", "file")]
    [InlineData("dshow:audio=Mikrofon (USB Audio)", "dshow")]
    [InlineData("lavfi:sine=frequency=440", "lavfi")]
    public void Parse_Source_KnowsItsScheme(string url, string? scheme)
    {
        if (scheme is null)
        {
            Assert.Throws<ArgumentException>(() => SourceInput.Parse(url));
            return;
        }

        var input = SourceInput.Parse(url);
        Assert.Equal(scheme, input.Scheme);
        Assert.DoesNotContain("secret", input.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_OfTheNetwork_OpenNoFiles()
    {
        var arguments = SourceInput.Parse("https://radio.example/list.m3u8").Arguments.ToList();
        var protocols = arguments[arguments.IndexOf("-protocol_whitelist") + 1].Split(',');
        Assert.Contains("https", protocols);
        Assert.DoesNotContain(protocols, protocol => protocol is "file" or "concat" or "pipe" or "fd" or "subfile" or "unix");
        Assert.Equal(["-f", "pulse", "-i", "my mic"], SourceInput.Parse("pulse:my mic").Arguments);
    }

    [Theory]
    [InlineData("Radio Ööst 1!", "http://x/", "radio-st-1")]
    [InlineData("", "https://Radio.example:8000/My_Live.mp3?token=abc", "radio-example-my-live-mp3")]
    [InlineData("", "pulse:", "source")]
    [InlineData("", "http://taken/", "taken-3")]
    public void Make_NoId_IsMadeOfNameOrUrl(string name, string url, string expected)
    {
        var id = SourceId.Make(new SourceOptions { Name = name, Url = url }, id => id is "taken" or "taken-2");
        Assert.Equal(expected, id);
    }

    [Fact]
    public void Errors_SeveralWrong_NamesThemAll()
    {
        var errors = string.Join(';', new SourceOptions { Id = "a b", Name = "x\ny", Url = "nowhere", WindowHop = TimeSpan.FromSeconds(99) }.Errors());
        Assert.All(["stream id", "name", "'nowhere'", "window_hop is 99"], part => Assert.Contains(part, errors, StringComparison.Ordinal));
    }
}
