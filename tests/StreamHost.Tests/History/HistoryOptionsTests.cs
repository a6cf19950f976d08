using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Tests.History;

public sealed class HistoryOptionsTests
{
    [Fact]
    public void Errors_EverythingWrong_NamesValuesAndLimits()
    {
        var errors = new HistoryOptions { Instance = "", MemoryMebibytes = 0, Retention = TimeSpan.FromMinutes(1), BufferRows = 5, Postgres = "Port=abc" }.Errors();
        string[] parts = ["Instance has 0", "MemoryMebibytes is 0; it must be 1..65536", "Retention is 00:01:00", "BufferRows is 5; it must be 100..", "Postgres is no connection string"];
        Assert.Equal(parts.Length, errors.Count);
        Assert.All(parts.Zip(errors), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Empty(new HistoryOptions().Errors());
    }

    [Theory]
    [InlineData("Host=db;Password=s3cret;Nonsense=1")]
    [InlineData("Host=db;Password=s3cret;Port=s3cret")]
    [InlineData("postgres://me:s3cret@db/music")]
    [InlineData("s3cret")]
    [InlineData("Username=me;Password=s3cret")]
    public void Errors_NoConnectionString_SaysSoWithoutItsSecrets(string postgres)
    {
        var options = new HistoryOptions { Postgres = postgres };
        var error = Assert.Single(options.Errors());
        Assert.Contains("it must be like Host=", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_GivenItsOwnTimeout_KeepsIt()
    {
        Assert.Equal(10, new HistoryOptions { Postgres = "Host=db" }.Connection().CommandTimeout);
        Assert.Equal(45, new HistoryOptions { Postgres = "Host=db;Command Timeout=45" }.Connection().CommandTimeout);
        Assert.Equal(46, new HistoryOptions { Postgres = "Host=db;CommandTimeout=46" }.Connection().CommandTimeout);
    }
}
