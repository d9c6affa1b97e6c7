namespace Alize.Domain.Committee;

/// <summary>
/// The count of one vote of the comité d’agrément (R2, art. 5.2), as read out and written in the minutes.
/// </summary>
/// <param name="Present">Members in the room or by video at the moment of the vote; a recused one only if the minutes count him in.</param>
/// <param name="Yes">Votes for.</param>
/// <param name="No">Votes against.</param>
/// <param name="Abstained">Abstentions and blank votes.</param>
/// <param name="RecusedPresent">Of those present, recused ones (déport) whom the minutes count in.</param>
/// <param name="RecusedAway">Recused ones whom the minutes do not count in; not among those present.</param>
public sealed record VoteCount(int Present, int Yes, int No, int Abstained, int RecusedPresent = 0, int RecusedAway = 0)
{
    /// <summary>Carried by two thirds of the members present; a count that cannot be right carries nothing.</summary>
    public bool IsCarried => !Refusals().Any() && TwoThirdsMajority.IsReached(Yes, Present);

    /// <summary>The fewest yes votes that carry.</summary>
    public int VotesNeeded => TwoThirdsMajority.VotesNeeded(Math.Max(0, Present));

    /// <summary>Members present who took no part: they count as present, like those who abstained.</summary>
    public int TookNoPart => Math.Max(0, Present - Yes - No - Abstained - RecusedPresent);

    /// <summary>What makes the count itself impossible: it must be taken again before anything is decided.</summary>
    public IEnumerable<Refusal> Refusals()
    {
        if (Present < 0 || Yes < 0 || No < 0 || Abstained < 0 || RecusedPresent < 0 || RecusedAway < 0)
        {
            yield return new("R2", "5.2", "vote-negative");
            yield break;
        }

        if (Present == 0) yield return new("R2", "5.2", "nobody-present");
        var cast = (long)Yes + No + Abstained + RecusedPresent;
        if (cast > Present) yield return new("R2", "5.2", "more-votes-than-present", $"{cast}", $"{Present}");
    }

    /// <summary>
    /// The French sentence of the minutes, with the two products anyone can check: « 5 voix pour sur 9 membres présents
    /// (1 contre, 3 abstentions) : 3 × 5 = 15 est inférieur à 2 × 9 = 18. Il fallait 6 voix : la décision est rejetée. »
    /// </summary>
    public string Proof()
    {
        if (Refusals().FirstOrDefault() is { } refusal) return refusal.ToString();

        var others = new List<string> { $"{No} contre", FrenchText.Plural(Abstained, "abstention") };
        if (TookNoPart > 0) others.Add($"{TookNoPart} sans vote");
        if (RecusedPresent > 0) others.Add(FrenchText.Plural(RecusedPresent, "déport compté présent", "déports comptés présents"));
        if (RecusedAway > 0) others.Add(FrenchText.Plural(RecusedAway, "déport non compté", "déports non comptés"));
        var count = $"{Yes} voix pour sur {FrenchText.Plural(Present, "membre présent", "membres présents")} ({string.Join(", ", others)})";
        var left = $"3 × {Yes} = {3L * Yes}";
        var right = $"2 × {Present} = {2L * Present}";
        var needed = VotesNeeded;
        return FrenchText.Typeset(IsCarried
            ? $"{count} : {left} est au moins égal à {right}. Il fallait {needed} voix : la décision est adoptée."
            : $"{count} : {left} est inférieur à {right}. Il fallait {needed} voix : la décision est rejetée.");
    }
}
