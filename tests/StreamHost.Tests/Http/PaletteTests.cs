using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>The page's genre colours, as eyes see them that lack a kind of cones.</summary>
public sealed partial class PaletteTests
{
    // Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB: none lacking, then L, M and S cones.
    private static readonly double[][,] Eyes =
    [
        new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
        new double[,] { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
        new double[,] { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
        new double[,] { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Colors_OfAnyTwoGenres_DifferForAllEyes(int theme)
    {
        var root = typeof(PaletteTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;
        var sheet = File.ReadAllText(Path.Combine(root, "src", "StreamHost", "wwwroot", "styles", "base.css"));
        var colors = Genre().Matches(sheet).Where(match => match.Groups["name"].Value is not ("unsure" or "silent"))
            .Select(match => (Name: match.Groups["name"].Value, Rgb: Linear(match.Groups[theme == 1 ? "light" : "dark"].Value))).ToList();
        Assert.Equal(11, colors.Count);
        foreach (var eye in Eyes)
        {
            var seen = colors.ConvertAll(color => (color.Name, Lab: Lab(Times(eye, color.Rgb))));
            for (var i = 0; i < seen.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var distance = Math.Sqrt(seen[i].Lab.Zip(seen[j].Lab, (a, b) => (a - b) * (a - b)).Sum());
                    Assert.True(distance >= 12, $"{seen[i].Name} and {seen[j].Name} are {distance:0.0} apart");
                }
            }
        }
    }

    [GeneratedRegex(@"--g-(?<name>\w+): light-dark\(#(?<light>[0-9a-f]{6}), #(?<dark>[0-9a-f]{6})\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Genre();

    private static double[] Linear(string hex) =>
    [
        .. Enumerable.Range(0, 3).Select(i => int.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4)),
    ];

    private static double[] Times(double[,] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(column => matrix[row, column] * vector[column]), 0, 1))];

    // CIE 1976 L*a*b*, D65.
    private static double[] Lab(double[] rgb)
    {
        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);
        var x = F(((0.4124 * rgb[0]) + (0.3576 * rgb[1]) + (0.1805 * rgb[2])) / 0.9505);
        var y = F((0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]));
        var z = F(((0.0193 * rgb[0]) + (0.1192 * rgb[1]) + (0.9505 * rgb[2])) / 1.089);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
    }
}
