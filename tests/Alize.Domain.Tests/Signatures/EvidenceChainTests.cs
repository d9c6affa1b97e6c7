using System.Text;
using Alize.Domain.Signatures;

namespace Alize.Domain.Tests.Signatures;

[Trait("Rule", "R8")]
public class EvidenceChainTests
{
    private static readonly DateTime At = new(2026, 3, 16, 9, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void An_intact_chain_holds_to_its_head()
    {
        var (convention, lines) = Chain();
        Assert.Null(EvidenceChain.FirstBroken(lines, convention.EvidenceHead, convention.Sha256));
        Assert.Equal(lines.Count, convention.EvidenceCount);
    }

    [Fact]
    public void Every_changed_byte_of_a_line_breaks_the_chain()
    {
        var (convention, lines) = Chain();
        for (var i = 0; i < lines.Count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(lines[i].Text);
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 1;
                var changed = Copy(lines[i], Encoding.UTF8.GetString(bytes), lines[i].Hash);
                Assert.Equal(i + 1, EvidenceChain.FirstBroken([.. lines.Take(i), changed, .. lines.Skip(i + 1)], convention.EvidenceHead, convention.Sha256));
                bytes[at] ^= 1;
            }
        }
    }

    [Fact]
    public void A_line_changed_with_its_hash_breaks_the_next_and_the_last_one_the_head()
    {
        var (convention, lines) = Chain();
        for (var i = 0; i < lines.Count; i++)
        {
            var text = lines[i].Text.Replace("person: Personne", "person: Quelqu’un", StringComparison.Ordinal);
            var changed = Copy(lines[i], text, EvidenceChain.HashOf(text));
            Assert.Equal(i + 2, EvidenceChain.FirstBroken([.. lines.Take(i), changed, .. lines.Skip(i + 1)], convention.EvidenceHead, convention.Sha256));
        }
    }

    [Fact]
    public void A_line_left_out_put_in_or_moved_breaks_the_chain()
    {
        var (convention, lines) = Chain();
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.NotNull(EvidenceChain.FirstBroken([.. lines.Where((_, n) => n != i)], convention.EvidenceHead, convention.Sha256));
            Assert.NotNull(EvidenceChain.FirstBroken([.. lines.Take(i), lines[i], .. lines.Skip(i)], convention.EvidenceHead, convention.Sha256));
        }

        Assert.NotNull(EvidenceChain.FirstBroken([lines[1], lines[0], .. lines.Skip(2)], convention.EvidenceHead, convention.Sha256));
        Assert.NotNull(EvidenceChain.FirstBroken(lines, convention.EvidenceHead, new string('b', 64)));
    }

    [Fact]
    public void A_value_with_line_breaks_cannot_write_a_line_of_its_own()
    {
        var (convention, _) = Chain();
        var line = EvidenceChain.Next(convention, new("signed", "Nom\nkind: sealed", "a@b.example", "x\r\nhead: 0"), At);
        Assert.Equal("signed", line["kind"]);
        Assert.Equal("Nom kind: sealed", line["person"]);
    }

    private static (CooperationConvention Convention, List<SignatureEvidence> Lines) Chain()
    {
        var convention = new CooperationConvention
        {
            Id = new("11111111-2222-3333-4444-555555555555"),
            ProgrammeId = Guid.Empty,
            ProjectId = Guid.Empty,
            DecisionId = Guid.Empty,
            DocumentId = Guid.Empty,
            Text = "",
            Sha256 = new('a', 64),
            FrozenAt = At,
        };
        var lines = new List<SignatureEvidence>();
        for (var i = 0; i < 5; i++)
        {
            lines.Add(EvidenceChain.Next(convention, new("code-used", $"Personne {i}", "p@exemple.example", "Code saisi", "192.0.2.7", "Mozilla/5.0"), At.AddMinutes(i)));
            convention.Chain(lines[^1]);
        }

        return (convention, lines);
    }

    private static SignatureEvidence Copy(SignatureEvidence line, string text, string hash) =>
        new() { ProgrammeId = line.ProgrammeId, ConventionId = line.ConventionId, Number = line.Number, Text = text, Hash = hash };
}
