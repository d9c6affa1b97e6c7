namespace Alize.Web.Elsa.Descriptors;

/// <summary>What the designer writes on the ways out of Alizé's activities; a definition holds the English name.</summary>
internal static class OutcomeWords
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["Approved"] = "Agréé",
        ["CalledOff"] = "Annulée",
        ["Changed"] = "Modifiée",
        ["Conditional"] = "Agréé sous condition",
        ["Declined"] = "Renoncé",
        ["Deferred"] = "Ajourné",
        ["Done"] = "Terminé",
        ["Due"] = "À payer",
        ["Eligible"] = "Éligible",
        ["Expired"] = "Délai passé",
        ["Late"] = "En retard",
        ["Missing"] = "Incomplet",
        ["NotEligible"] = "Inéligible",
        ["Nothing"] = "Rien à faire",
        ["Paid"] = "Versée",
        ["Passed"] = "Jour déjà passé",
        ["Reached"] = "Jour atteint",
        ["Ready"] = "À répartir",
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
