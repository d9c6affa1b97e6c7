namespace Alize.Domain.Programmes;

/// <summary>What a person is asked for; it decides whether somebody else may do it during an absence.</summary>
public enum PersonalAct
{
    /// <summary>Answers a request: names somebody, gives figures, reports.</summary>
    Answer,

    /// <summary>Votes in a committee (R2).</summary>
    Vote,

    /// <summary>Signs and initials the convention (R8).</summary>
    Signature,
}

/// <summary>
/// Suppléance: somebody acts for an absent contact in a period, both days included. Nothing changes hands: the absent person stays
/// the one who is asked, and the trail names both.
/// </summary>
public sealed class Substitution
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Who is away, in every role held.</summary>
    public required Guid AbsentContactId { get; init; }

    /// <summary>Who acts meanwhile.</summary>
    public required Guid DelegateContactId { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly Until { get; set; }

    /// <summary>Whether it holds on a day.</summary>
    public bool IsActiveOn(DateOnly day) => From <= day && day <= Until;

    /// <summary>Whether it holds on a day of that period.</summary>
    public bool Meets(DateOnly from, DateOnly until) => From <= until && from <= Until;

    /// <summary>
    /// Whether a delegate may do it. Never a vote: a proxy is not present (R2, art. 5.2). Never the signature of the convention (R8,
    /// art. 6.2): another signatory is named there instead.
    /// </summary>
    public static bool Allows(PersonalAct act) => act == PersonalAct.Answer;

    /// <summary>How an act done for somebody is signed in the trail.</summary>
    public static string SignedAs(string substitute, string absent) => $"{substitute}, pour {absent}";
}
