using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>Reads float32 arrays out of a NumPy .npz (a zip of .npy files; format version 1 to 3, little-endian, C order).</summary>
internal static class NpyArchive
{
    public static float[] ReadFloats(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        using var entry = (archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"{path} holds no {name}")).Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        var npy = bytes.ToArray();
        var wide = npy[6] > 1;
        var headerLength = wide ? BinaryPrimitives.ReadInt32LittleEndian(npy.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(npy.AsSpan(8));
        var headerStart = wide ? 12 : 10;
        var header = Encoding.ASCII.GetString(npy, headerStart, headerLength);
        Assert.Contains("'<f4'", header, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, float>(npy.AsSpan(headerStart + headerLength)).ToArray();
    }
}
