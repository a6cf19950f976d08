using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamGenre.Stages.Tests.Golden;

/// <summary>One array of numpy's .npy form, as doubles in C order; enough for the reference data (f4, f8, i2, little endian).</summary>
internal sealed record NpyArray(int[] Shape, double[] Values)
{
    public static NpyArray Read(string path) => Parse(File.ReadAllBytes(path));

    public static NpyArray ReadFromNpz(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        var entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"{path} holds no array {name}");
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Parse(memory.ToArray());
    }

    public float[] ToSingles() => [.. Values.Select(v => (float)v)];

    private static NpyArray Parse(byte[] bytes)
    {
        var (headerLength, start) = bytes[6] == 1
            ? (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)), 10)
            : ((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)), 12);
        var header = Encoding.ASCII.GetString(bytes, start, headerLength);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw new InvalidDataException("Fortran order is not read");
        }

        var type = Match(header, "'descr': '([^']+)'");
        int[] shape = [.. Match(header, @"'shape': \(([^)]*)\)")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        var data = bytes.AsSpan(start + headerLength);
        var values = new double[shape.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "<f4" => BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]),
                "<f8" => BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * i)..]),
                "<i2" => BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]),
                _ => throw new InvalidDataException($"{type} is not read"),
            };
        }

        return new NpyArray(shape, values);
    }

    private static string Match(string header, string pattern)
        => Regex.Match(header, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
}
