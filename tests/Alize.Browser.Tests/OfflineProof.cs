using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Alize.Workflows.Signatures;

namespace Alize.Browser.Tests;

/// <summary>The archive of proof, checked as its LISEZMOI tells anybody to, without the service.</summary>
internal sealed class OfflineProof
{
    private readonly Dictionary<string, byte[]> files;

    public OfflineProof(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        files = archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var bytes = new MemoryStream();
            using var stream = e.Open();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
        Lines = [.. files.Keys.Where(n => n.StartsWith("preuves/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => files[n])];
    }

    /// <summary>The lines of evidence, in order.</summary>
    public IReadOnlyList<byte[]> Lines { get; }

    public byte[] this[string name] => files[name];

    /// <summary>The head of the chain that the sealed document prints.</summary>
    public string Head => Regex.Match(Encoding.UTF8.GetString(files["LISEZMOI.txt"]), @"imprimée dans le PDF scellé :\s+([0-9a-f]{64})").Groups[1].Value;

    /// <summary>1. The files are whole.</summary>
    public bool AreFilesWhole => Encoding.UTF8.GetString(files["SHA256SUMS"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .All(line => HashOf(files[line[66..]]) == line[..64]);

    /// <summary>4. Each line of evidence begins with the hash of the one before, and the last one is the head.</summary>
    public bool IsChainWhole(IReadOnlyList<byte[]> lines)
    {
        var previous = new string('0', 64);
        foreach (var line in lines)
        {
            if (!line.AsSpan().StartsWith(Encoding.ASCII.GetBytes($"previous: {previous}\n"))) return false;
            previous = HashOf(line);
        }

        return previous == Head;
    }

    /// <summary>How many of all bytes of the evidence may be changed, one bit each, without anybody seeing it.</summary>
    public int UnseenChangesOfEvidence()
    {
        var unseen = 0;
        foreach (var line in Lines)
            for (var at = 0; at < line.Length; at++)
            {
                line[at] ^= 1;
                if (IsChainWhole(Lines)) unseen++;
                line[at] ^= 1;
            }

        return unseen;
    }

    /// <summary>The places among these where a bit of a sealed file may be changed without its seal saying so.</summary>
    public static IReadOnlyList<int> UnseenChanges(byte[] file, IEnumerable<int> places) =>
        [.. places.AsParallel().Where(at =>
        {
            var changed = file.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            return PdfSeal.Check(changed).IsWhole;
        })];

    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
