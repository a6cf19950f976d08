using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamGenre.Training.Data;

/// <summary>
/// One array in NumPy's npy format, versions 1 to 3 (numpy.lib.format). Little-endian or single-byte elements in C order;
/// anything else is refused by name.
/// </summary>
internal sealed partial class NpyArray
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private readonly byte[] _data;
    private readonly string _name;

    private NpyArray(string name, string type, int[] shape, byte[] data)
    {
        _name = name;
        Type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>NumPy's type string without its byte order: <c>u1</c>, <c>i4</c>, <c>f4</c>, <c>f8</c>, <c>S16</c>, …</summary>
    public string Type { get; }

    /// <summary>Length of each axis; empty for a scalar.</summary>
    public int[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, length) => product * length);

    /// <summary>Reads one array to the stream's end.</summary>
    /// <exception cref="TrainingException">The stream is not an npy array, is cut short, or holds a form that isn't read.</exception>
    public static NpyArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> lead = stackalloc byte[8];
        if (stream.ReadAtLeast(lead, lead.Length, throwOnEndOfStream: false) < lead.Length || !lead[..6].SequenceEqual(Magic))
        {
            throw new TrainingException($"{name} is not an npy array: it doesn't begin with NumPy's magic bytes");
        }

        var lengthBytes = new byte[lead[6] == 1 ? 2 : 4];
        ReadExactly(stream, lengthBytes, name);
        var headerLength = lengthBytes.Length == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (headerLength > 1 << 20)
        {
            throw new TrainingException($"{name} has an npy header of {headerLength} bytes; the file is damaged");
        }

        var headerBytes = new byte[headerLength];
        ReadExactly(stream, headerBytes, name);
        var header = Encoding.UTF8.GetString(headerBytes);
        var type = Field(DescrPattern(), header, name, "descr");
        if (Field(FortranPattern(), header, name, "fortran_order") == "True")
        {
            throw new TrainingException($"{name} is in Fortran order; save it with numpy.ascontiguousarray");
        }

        if (type[0] == '>' || type[0] is not ('<' or '|' or '='))
        {
            throw new TrainingException($"{name} has type '{type}'; only little-endian and single-byte types are read");
        }

        var shape = Field(ShapePattern(), header, name, "shape")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(length => int.Parse(length, CultureInfo.InvariantCulture))
            .ToArray();
        type = type[1..];
        var bytes = shape.Aggregate((long)ElementBytes(type, name), (product, length) => product * length);
        if (bytes > Array.MaxLength)
        {
            throw new TrainingException($"{name} holds {bytes} bytes; arrays up to {Array.MaxLength} bytes are read, so split it");
        }

        var data = new byte[bytes];
        ReadExactly(stream, data, name);
        return new NpyArray(name, type, shape, data);
    }

    /// <summary>Writes a float32 array in C order, npy version 1.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        WriteHeader(stream, "<f4", shape);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes a vector of int32, npy version 1.</summary>
    public static void Write(Stream stream, ReadOnlySpan<int> values)
    {
        WriteHeader(stream, "<i4", [values.Length]);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes a vector of texts (UTF-32, padded with zeros), npy version 1.</summary>
    public static void Write(Stream stream, IReadOnlyList<string> values)
    {
        var texts = values.Select(Encoding.UTF32.GetBytes).ToList();
        var width = texts.Select(text => text.Length).Append(4).Max();
        WriteHeader(stream, $"<U{width / 4}", [values.Count]);
        foreach (var text in texts)
        {
            stream.Write(text);
            stream.Write(new byte[width - text.Length]);
        }
    }

    private static void WriteHeader(Stream stream, string type, ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var lengths = new StringBuilder();
        foreach (var length in shape)
        {
            lengths.Append(CultureInfo.InvariantCulture, $"{length}, ");
        }

        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({lengths.ToString().TrimEnd(' ')}), }}";
        // The format asks that data begin at a multiple of 64 and that the header end in a newline.
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        stream.Write(Magic);
        stream.Write([1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
    }

    /// <summary>The elements as bytes; the array must be of type u1.</summary>
    public byte[] AsBytes() => Type == "u1" ? _data : throw Unexpected("u1");

    /// <summary>The elements as single-precision numbers; the array must be of type u1, f4 or f8.</summary>
    public float[] ToSingles() => Type switch
    {
        "f4" => MemoryMarshal.Cast<byte, float>(_data).ToArray(),
        "f8" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(_data).ToArray(), value => (float)value),
        "u1" => Array.ConvertAll(_data, value => (float)value),
        _ => throw Unexpected("u1, f4 or f8"),
    };

    /// <summary>The elements as whole numbers; the array must be of type u1, i4, u4 or i8.</summary>
    public int[] ToIntegers() => Type switch
    {
        "u1" => Array.ConvertAll(_data, value => (int)value),
        "i4" or "u4" => MemoryMarshal.Cast<byte, int>(_data).ToArray(),
        "i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(_data).ToArray(), value => checked((int)value)),
        _ => throw Unexpected("u1, i4, u4 or i8"),
    };

    /// <summary>The elements as texts, their zero padding taken off; the array must be of type S (ASCII) or U (UTF-32).</summary>
    public string[] ToStrings()
    {
        var encoding = Type[0] switch { 'S' => Encoding.ASCII, 'U' => Encoding.UTF32, _ => throw Unexpected("S or U") };
        var width = ElementBytes(Type, _name);
        return Enumerable.Range(0, Count).Select(i => encoding.GetString(_data, i * width, width).TrimEnd('\0')).ToArray();
    }

    private static int ElementBytes(string type, string name)
    {
        if (int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var width))
        {
            switch (type[0])
            {
                case 'u' or 'i' or 'f' when width is 1 or 2 or 4 or 8:
                case 'b' when width == 1:
                case 'S':
                    return width;
                case 'U':
                    return width * 4;
            }
        }

        throw new TrainingException($"{name} has type '{type}', which is not read; u1, i4, i8, f4, f8, S and U are");
    }

    private static string Field(Regex pattern, string header, string name, string field)
    {
        var match = pattern.Match(header);
        return match.Success ? match.Groups["value"].Value : throw new TrainingException($"{name} has an npy header without '{field}'");
    }

    private static void ReadExactly(Stream stream, byte[] buffer, string name)
    {
        if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw new TrainingException($"{name} ends before its npy header says; the file is cut short");
        }
    }

    [GeneratedRegex(@"'descr'\s*:\s*'(?<value>[^']{2,})'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(?<value>True|False)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FortranPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\((?<value>[0-9, ]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShapePattern();

    private TrainingException Unexpected(string wanted) => new($"{_name} has type '{Type}'; {wanted} is wanted here");
}
