namespace Alize.Domain.Committee;

/// <summary>
/// Présidence du comité d’agrément (R3, art. 5.2): « obligatoirement assurée par le représentant en activité d’une entreprise ».
/// Checked when the chair is named and again when a session opens, since people retire and partners leave.
/// </summary>
public static class CommitteeChair
{
    /// <summary>What forbids that person the chair; empty when nothing does.</summary>
    /// <param name="isActive">Still at work for the partner, not retired and not gone.</param>
    /// <param name="representsCompany">Represents a partner company, and no authority, relay structure or operator.</param>
    /// <param name="name">The person's name, for the sentence.</param>
    public static IEnumerable<Refusal> Refusals(bool isActive, bool representsCompany, string name)
    {
        if (!representsCompany) yield return new("R3", "5.2", "chair-not-from-company", name);
        if (!isActive) yield return new("R3", "5.2", "chair-not-active", name);
    }
}
