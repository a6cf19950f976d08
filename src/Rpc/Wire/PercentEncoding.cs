using System.Buffers;
using System.Globalization;
using System.Text;

namespace Grpc.Wire;

/// <summary>
/// The text of <c>grpc-message</c>: UTF-8 with every byte outside of space..~ and the percent sign itself written as <c>%XX</c>.
/// </summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c != '%')]);

    public static string Encode(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(Plain) < 0)
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <summary>Never fails: what is no escape stays as it is, as the protocol asks.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                bytes[length++] = (byte)((HexDigit(bytes[i + 1]) << 4) | HexDigit(bytes[i + 2]));
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int HexDigit(byte character) => character <= '9' ? character - '0' : (character | 0x20) - 'a' + 10;
}
