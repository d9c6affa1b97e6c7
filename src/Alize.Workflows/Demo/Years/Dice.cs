using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// Chance that repeats itself: what is drawn depends on the seed and on what it is drawn for, never on the order in which the questions
/// come. Two runs on two databases draw the same.
/// </summary>
public sealed class Dice(int seed)
{
    /// <summary>A whole number, both ends included.</summary>
    public int Between(int least, int most, string what) => least + (int)(Draw(what) % (ulong)(most - least + 1));

    /// <summary>Whether something happens that happens so many times in a hundred.</summary>
    public bool Falls(int percent, string what) => Draw(what) % 100 < (ulong)percent;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> some, string what) => some[Between(0, some.Count - 1, what)];

    /// <summary>All of them in another order.</summary>
    public IReadOnlyList<T> Shuffled<T>(IEnumerable<T> some, string what) =>
        [.. some.Select((item, at) => (item, Key: Draw(string.Create(CultureInfo.InvariantCulture, $"{what}#{at}")))).OrderBy(x => x.Key).Select(x => x.item)];

    private ulong Draw(string what) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}|{what}"))));
}
