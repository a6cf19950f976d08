using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer: a lower-case key with a text, or with bytes when the key ends with <c>-bin</c>.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Makes an entry with a text.</summary>
        /// <param name="key">Letters, digits and <c>_ - .</c>; made lower-case; must not end with <c>-bin</c>.</param>
        /// <param name="value">Printable ASCII, the only text that a header carries unharmed.</param>
        /// <exception cref="ArgumentException">The key or the text is not of that form.</exception>
        public Entry(string key, string value)
        {
            Key = NormalizeKey(key);
            ArgumentNullException.ThrowIfNull(value);
            if (IsBinary)
            {
                throw new ArgumentException($"The key '{key}' ends with -bin, so it takes bytes; pass a byte[] or rename the key.", nameof(key));
            }

            if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') is >= 0 and var at)
            {
                throw new ArgumentException(
                    $"The value of '{key}' has the character U+{(int)value[at]:X4} at {at}; a header takes printable ASCII only. Send other text as UTF-8 bytes under a key that ends with -bin.",
                    nameof(value));
            }

            _text = value;
        }

        /// <summary>Makes an entry with bytes.</summary>
        /// <param name="key">Letters, digits and <c>_ - .</c>; made lower-case; must end with <c>-bin</c>.</param>
        /// <param name="valueBytes">The bytes; copied.</param>
        /// <exception cref="ArgumentException">The key is not of that form.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = NormalizeKey(key);
            ArgumentNullException.ThrowIfNull(valueBytes);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key '{key}' does not end with -bin, so it takes a string; append -bin to send bytes.", nameof(key));
            }

            _bytes = [.. valueBytes];
        }

        private Entry(string key, string? text, byte[]? bytes) => (Key, _text, _bytes) = (key, text, bytes);

        /// <summary>The key, lower-case.</summary>
        public string Key { get; }

        /// <summary>Whether the entry carries bytes.</summary>
        public bool IsBinary => HasBinaryKey(Key);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry carries bytes.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"'{Key}' carries bytes; read ValueBytes.");

        /// <summary>The bytes; for a text, its ASCII bytes.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        /// <inheritdoc/>
        public override string ToString() =>
            _bytes is null ? $"[Entry: key={Key}, value={_text}]" : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes)}]";

        internal static bool HasBinaryKey(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        /// <summary>What a peer sent is taken as it is: refusing it is not ours once it has come over HTTP.</summary>
        internal static Entry Received(string key, string text) => new(ToLower(key), text, null);

        internal static Entry Received(string key, byte[] bytes) => new(ToLower(key), null, bytes);

        internal ReadOnlySpan<byte> BytesSpan => _bytes;

        private static string NormalizeKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            var lower = ToLower(key);
            if (lower.AsSpan().IndexOfAnyExcept(KeyCharacters) >= 0)
            {
                throw new ArgumentException($"'{key}' is no metadata key; a key has letters, digits, underscores, hyphens and dots only.", nameof(key));
            }

            return lower;
        }

#pragma warning disable CA1308 // HTTP/2 field names are lower-case on the wire
        private static string ToLower(string key) => key.ToLowerInvariant();
#pragma warning restore CA1308
    }
}
