using System.Text;

namespace Alize.Domain.Accounts;

/// <summary>An amount a counterpart may show on a statement.</summary>
/// <param name="Amount">Without sign.</param>
/// <param name="Words">What it is, after « celui de »: « l’échéance 4 du 16 octobre 2026 ».</param>
public sealed record ExpectedAmount(Money Amount, string Words);

/// <summary>What a bank line may turn out to be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="TargetId">Advance, payment order, partner, the receipt that the bank took back, or the entry it is the voucher of.</param>
/// <param name="Account">The account it moves (R9): a line of the other one is never its own.</param>
/// <param name="Label">In words, for the list.</param>
/// <param name="Reference">The reference people write on the transfer, e.g. <c>AV-2026-003</c>.</param>
/// <param name="Party">Name of who pays or is paid.</param>
/// <param name="Iban">Its IBAN, without spaces. Empty: not known.</param>
/// <param name="EndToEndId">The reference of a transfer released here. Empty for none.</param>
/// <param name="Amounts">What is expected, the likeliest first.</param>
/// <param name="Most">The most it can take, without sign.</param>
/// <param name="EntersBank">For an entry of the journal: whether it brought money. Null: the kind says it.</param>
public sealed record Counterpart(
    CounterpartKind Kind, Guid TargetId, FundAccount Account, string Label, string Reference, string Party, string Iban, string EndToEndId,
    IReadOnlyList<ExpectedAmount> Amounts, Money Most, bool? EntersBank = null)
{
    /// <summary>Whether it is money received.</summary>
    public bool IsReceived => EntersBank ?? Kind is CounterpartKind.Repayment or CounterpartKind.Endowment;
}

/// <summary>Why a counterpart is proposed for a line.</summary>
/// <param name="Counterpart">The counterpart.</param>
/// <param name="Score">Points, see <see cref="BankLineMatching"/>.</param>
/// <param name="Reasons">French, each after « car »: « la référence AV-2026-003 figure dans le libellé ».</param>
/// <param name="IsSure">Two things agree, nothing else comes near, and it can take the whole line: it may be confirmed with others at once.</param>
public sealed record MatchSuggestion(Counterpart Counterpart, int Score, IReadOnlyList<string> Reasons, bool IsSure);

/// <summary>
/// Rapprochement bancaire: what a line may be, by reference, account number, amount and name. It proposes and never decides. The
/// same line and the same counterparts always give the same proposals in the same order.
/// </summary>
/// <remarks>
/// Points: end-to-end reference 100, written reference 60, IBAN 30, expected amount 30, name 20, similar name 10. A proposal has at
/// least <see cref="Least"/>; a sure one has <see cref="Sure"/>, <see cref="Lead"/> more than the next, and room for the amount.
/// </remarks>
public sealed class BankLineMatching
{
    /// <summary>Fewest points of a proposal.</summary>
    public const int Least = 30;

    /// <summary>Fewest points of a sure one: two independent things agree.</summary>
    public const int Sure = 80;

    /// <summary>Points by which a sure one precedes the next.</summary>
    public const int Lead = 25;

    // An amount that more than so many expect says nothing by itself, and a list longer than that is no help.
    private const int MostListed = 5;

    // A word that more counterparts bear says nothing about who is meant.
    private const int RareWord = 20;

    /// <summary>Words of a company's name that say nothing about which company it is.</summary>
    private static readonly HashSet<string> Fillers =
        ["SA", "SAS", "SASU", "SARL", "EURL", "SCOP", "SNC", "SCI", "ETS", "ETABLISSEMENTS", "SOCIETE", "STE", "ENTREPRISE", "DE", "DU", "DES", "LA", "LE", "LES", "ET", "L", "D", "VIR", "VIREMENT", "SEPA", "RECU", "M", "MME"];

    private readonly List<Counterpart> all;
    private readonly ILookup<string, int> byReference;
    private readonly int[] referenceLengths;
    private readonly ILookup<string, int> byEndToEnd;
    private readonly ILookup<string, int> byIban;
    private readonly ILookup<long, int> byAmount;
    private readonly ILookup<string, int> byWord;
    private readonly string[][] names;

    /// <summary>Prepares the counterparts for many lines: each line then looks at the few that have something in common with it.</summary>
    public BankLineMatching(IEnumerable<Counterpart> counterparts)
    {
        all = [.. counterparts];
        var numbered = Enumerable.Range(0, all.Count).ToList();
        byReference = numbered.Where(i => Compact(all[i].Reference).Length > 3).ToLookup(i => Compact(all[i].Reference));
        referenceLengths = [.. byReference.Select(r => r.Key.Length).Distinct().Order()];
        byEndToEnd = numbered.Where(i => all[i].EndToEndId.Length > 0).ToLookup(i => Compact(all[i].EndToEndId));
        byIban = numbered.Where(i => all[i].Iban.Length > 0).ToLookup(i => all[i].Iban);
        byAmount = numbered.SelectMany(i => all[i].Amounts.Select(a => (a.Amount.Cents, i)).Distinct()).ToLookup(pair => pair.Cents, pair => pair.i);
        names = [.. all.Select(c => Words(c.Party))];
        byWord = numbered.SelectMany(i => names[i].Select(word => (word, i))).ToLookup(pair => pair.word, pair => pair.i);
    }

    /// <summary>What the line may be, the likeliest first, at most five. An amount that many expect needs the name beside it.</summary>
    public IReadOnlyList<MatchSuggestion> For(BankLine line)
    {
        if (line.Remaining == Money.Zero) return [];
        var text = $"{line.Text} {line.EndToEndId} {line.BankReference}";
        var amount = new Money(Math.Abs(line.Remaining.Cents));
        var (found, endToEnds) = ReferencesIn(text);
        var words = Words($"{line.Counterparty} {line.Text}").ToHashSet(StringComparer.Ordinal);
        // A name alone is worth less than a proposal: those who share it are looked at only where many share the amount.
        var equal = byAmount[amount.Cents];
        IEnumerable<int> sameAmount = equal.Count() <= MostListed ? equal
            : equal.Intersect(words.Where(word => byWord[word].Count() <= RareWord).SelectMany(word => byWord[word]));
        IEnumerable<int> near = [.. found, .. endToEnds, .. byIban[line.CounterpartyIban], .. sameAmount];

        var scored = near.Distinct().Order()
            .Where(i => all[i].Account == line.Account && all[i].IsReceived == line.Amount > Money.Zero)
            .Select(i => Score(all[i], names[i], line, amount, words, found.Contains(i), endToEnds.Contains(i)))
            .Where(s => s.Score >= Least)
            .OrderByDescending(s => s.Score).ThenBy(s => s.Counterpart.Reference, StringComparer.Ordinal).ThenBy(s => s.Counterpart.TargetId)
            .Take(MostListed).ToList();
        if (scored.Count == 0) return scored;

        var first = scored[0];
        var alone = scored.Count == 1 || first.Score - scored[1].Score >= Lead;
        // A transfer is executed, or taken back, for its amount or not at all; a repayment may be part of what is owed, never more.
        var fits = first.Counterpart.Kind is CounterpartKind.Transfer or CounterpartKind.Endowment or CounterpartKind.ReturnedRepayment or CounterpartKind.BookedEntry
            ? first.Counterpart.Amounts.Any(a => a.Amount == amount)
            : amount <= first.Counterpart.Most;
        return [first with { IsSure = first.Score >= Sure && alone && fits }, .. scored.Skip(1)];
    }

    private static MatchSuggestion Score(
        Counterpart counterpart, string[] name, BankLine line, Money amount, HashSet<string> words, bool hasReference, bool hasEndToEnd)
    {
        var score = 0;
        var reasons = new List<string>();
        if (hasEndToEnd) Give(100, "la référence de bout en bout est celle de notre ordre");
        if (hasReference) Give(60, $"la référence {counterpart.Reference} figure dans le libellé");
        if (counterpart.Iban.Length > 0 && counterpart.Iban == line.CounterpartyIban) Give(30, $"l’IBAN est celui {De(counterpart.Party)}");
        if (counterpart.Amounts.FirstOrDefault(a => a.Amount == amount) is { } expected) Give(30, $"le montant est celui {De(expected.Words)}");
        else if (amount > counterpart.Most) reasons.Add($"mais le montant dépasse ce qui est attendu, {counterpart.Most}");
        switch (Likeness(name, words))
        {
            case 1: Give(20, $"le nom est celui {De(counterpart.Party)}"); break;
            case >= 0.5: Give(10, $"le nom ressemble à celui {De(counterpart.Party)}"); break;
        }

        return new(counterpart, score, reasons, false);

        void Give(int points, string reason)
        {
            score += points;
            reasons.Insert(reasons.Count > 0 && reasons[^1].StartsWith("mais", StringComparison.Ordinal) ? reasons.Count - 1 : reasons.Count, FrenchText.Typeset(reason));
        }
    }

    // « de » before a vowel: d’Aciéries, d’une échéance. An H is left alone: nobody knows which names begin with a mute one.
    private static string De(string words) => words.Length > 0 && SepaText.Of(words[..1], 2).ToUpperInvariant() is ['A' or 'E' or 'I' or 'O' or 'U', ..] ? $"d’{words}" : $"de {words}";

    /// <summary>The references that stand in a text, however people punctuate them: AV-2026-003, AV 2026 003, av2026003.</summary>
    private (HashSet<int> Written, HashSet<int> EndToEnd) ReferencesIn(string text)
    {
        var plain = Plain(text);
        var at = Enumerable.Range(0, plain.Length).Where(i => char.IsAsciiLetterOrDigit(plain[i])).ToArray();
        var compact = string.Concat(at.Select(i => plain[i]));
        var (written, endToEnd) = (new HashSet<int>(), new HashSet<int>());
        foreach (var length in referenceLengths)
        {
            for (var i = 0; i + length <= compact.Length; i++)
            {
                if (!byReference.Contains(compact.Substring(i, length))) continue;
                // AV-2026-003 is not in AV-2026-0031, and is in « AV-2026-003 16/10 ».
                var next = at[i + length - 1] + 1;
                if (next < plain.Length && char.IsAsciiDigit(plain[next])) continue;
                written.UnionWith(byReference[compact.Substring(i, length)]);
            }
        }

        const int endToEndLength = 32;
        for (var i = 0; byEndToEnd.Count > 0 && i + endToEndLength <= compact.Length; i++) endToEnd.UnionWith(byEndToEnd[compact.Substring(i, endToEndLength)]);
        return (written, endToEnd);
    }

    /// <summary>The part of the name's words that the line has: 1 for all of them.</summary>
    private static double Likeness(string[] name, HashSet<string> words) =>
        name.Length == 0 ? 0 : (double)name.Count(words.Contains) / name.Length;

    private static string[] Words(string text) =>
        [.. Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 1 && !Fillers.Contains(w)).Distinct()];

    private static string Compact(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Plain(string text)
    {
        var plain = new StringBuilder(SepaText.Of(text, int.MaxValue).ToUpperInvariant());
        for (var i = 0; i < plain.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(plain[i])) plain[i] = ' ';
        }

        return plain.ToString();
    }
}
