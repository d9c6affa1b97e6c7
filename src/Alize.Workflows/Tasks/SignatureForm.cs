using System.Text.Json.Nodes;

namespace Alize.Workflows.Tasks;

/// <summary>The fixed fields of a signature's page: initials, consent, or the reason of a refusal (R8).</summary>
public static class SignatureForm
{
    /// <summary>Kind of the task.</summary>
    public const string Kind = "signature";

    public const string Signed = "Signed";
    public const string Refused = "Refused";

    /// <summary>Checks the fields and notes them in the answer.</summary>
    public static IReadOnlyList<Problem> Problems(string outcome, IReadOnlyDictionary<string, string> values, JsonObject answer)
    {
        var problems = new List<Problem>();
        if (outcome == Signed)
        {
            var initials = values.GetValueOrDefault("initials", "").Trim();
            if (initials.Length is < 2 or > 5) problems.Add(new("initials", "Apposez votre paraphe : vos initiales, de 2 à 5 lettres."));
            if (values.GetValueOrDefault("consent", "") is not ("true" or "on"))
                problems.Add(new("consent", "Cochez la case pour confirmer que vous avez lu la convention et que vous la signez."));
            answer["initials"] = initials;
        }
        else
        {
            var reason = values.GetValueOrDefault("reason", "").Trim();
            if (reason.Length == 0) problems.Add(new("reason", "Dites pourquoi vous ne signez pas : l’opérateur local doit pouvoir y remédier."));
            answer["reason"] = reason;
        }

        return problems;
    }
}
