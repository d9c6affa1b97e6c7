using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Alize.Domain.Signatures;

/// <summary>
/// One line of a convention's dossier de preuve: something that happened on the way to a signature. Its text bears the hash of the
/// line before, so that none can be changed, left out or put in without breaking all that follow (eIDAS, art. 25: the worth of a
/// simple electronic signature is that of its evidence).
/// </summary>
public sealed class SignatureEvidence
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The convention.</summary>
    public required Guid ConventionId { get; init; }

    /// <summary>From 1, without a gap.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// What is hashed, in UTF-8: one « name: value » a line, the first of them the hash of the line before. The file of the offline
    /// archive is these very bytes, so that <c>sha256sum</c> is enough to follow the chain.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of <see cref="Text"/>, hex.</summary>
    public required string Hash { get; init; }

    /// <summary>A value of the text by its name; empty where it has none.</summary>
    public string this[string name] =>
        Text.Split('\n').Select(line => line.Split(": ", 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)?[1] ?? "";
}

/// <summary>What happened, before it is a link of the chain.</summary>
/// <param name="Kind">Kind, e.g. <c>code-used</c>, <c>signed</c>.</param>
/// <param name="Person">Who. Empty for the service.</param>
/// <param name="Address">Mail address of that person.</param>
/// <param name="Detail">The rest, a French sentence.</param>
/// <param name="From">Network address it came from. Empty for none.</param>
/// <param name="Agent">What the browser says of itself. Empty for none.</param>
public sealed record EvidenceFact(string Kind, string Person, string Address, string Detail, string From = "", string Agent = "");

/// <summary>The chain of a convention's evidence: how a line is written, and how all of them are checked.</summary>
public static class EvidenceChain
{
    /// <summary>Stands for the hash of the line before the first.</summary>
    public const string Beginning = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The next line after the chain's head.</summary>
    public static SignatureEvidence Next(CooperationConvention convention, EvidenceFact fact, DateTime at)
    {
        var number = convention.EvidenceCount + 1;
        var text = new StringBuilder();
        void Line(string name, string value) => text.Append(name).Append(": ").Append(OneLine(value)).Append('\n');
        Line("previous", convention.EvidenceHead);
        Line("number", number.ToString(CultureInfo.InvariantCulture));
        Line("convention", convention.Id.ToString());
        Line("document", convention.Sha256);
        Line("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Line("kind", fact.Kind);
        Line("person", fact.Person);
        Line("address", fact.Address);
        Line("from", fact.From);
        Line("agent", fact.Agent);
        Line("detail", fact.Detail);
        return new()
        {
            ProgrammeId = convention.ProgrammeId,
            ConventionId = convention.Id,
            Number = number,
            Text = text.ToString(),
            Hash = HashOf(text.ToString()),
        };
    }

    /// <summary>SHA-256 of a line's text, hex.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The number of the first line that is not as it was written; null when the chain holds to its head.</summary>
    /// <param name="lines">All lines, in order.</param>
    /// <param name="head">The hash the convention keeps, or the sealed document prints.</param>
    /// <param name="documentSha256">The document every line is about.</param>
    public static int? FirstBroken(IReadOnlyList<SignatureEvidence> lines, string head, string documentSha256)
    {
        var previous = Beginning;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var isWhole = line.Number == i + 1 && line.Hash == HashOf(line.Text) && line["previous"] == previous
                && line["number"] == $"{i + 1}" && line["document"] == documentSha256;
            if (!isWhole) return i + 1;
            previous = line.Hash;
        }

        return previous == head ? null : lines.Count + 1;
    }

    private static string OneLine(string value) => string.Join(' ', value.Split((char[])['\n', '\r', '\u0085', '\u2028', '\u2029'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
