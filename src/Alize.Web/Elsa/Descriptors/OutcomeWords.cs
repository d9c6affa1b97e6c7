namespace Alize.Web.Elsa.Descriptors;

/// <summary>What the designer writes on the ways out of Alizé's activities; a definition holds the English name.</summary>
internal static class OutcomeWords
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["Approved"] = "Agréé",
        ["Declined"] = "Renoncé",
        ["Deferred"] = "Ajourné",
        ["Eligible"] = "Éligible",
        ["Expired"] = "Délai passé",
        ["NotEligible"] = "Inéligible",
        ["Paid"] = "Versée",
        ["Reached"] = "Jour atteint",
        ["Refused"] = "Refus",
        ["Rejected"] = "Rejeté",
        ["Settled"] = "Soldée",
        ["Signed"] = "Signée",
        ["Unknown"] = "À compléter",
    };

    /// <summary>Elsa's own activities keep Elsa's names.</summary>
    public static string Of(string activityType, string outcome) =>
        activityType.StartsWith("Alize.", StringComparison.Ordinal) ? Words.GetValueOrDefault(outcome, outcome) : outcome;
}
