using Alize.Engine.Definitions;
using Alize.Engine.Runtime.Migration;
using Alize.Engine.Storage;
using Alize.Web.Pages.Procedures;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Design;

/// <summary>A step that is under way somewhere, and what may stand for it in the published version.</summary>
/// <param name="Id">The activity's id.</param>
/// <param name="Title">What people call it.</param>
/// <param name="HasCounterpart">Whether it is in the published version as it is.</param>
/// <param name="Choices">Steps of the same type there.</param>
/// <param name="Chosen">The one the operator chose. Empty: the same.</param>
public sealed record StepReplacement(string Id, string Title, bool HasCounterpart, IReadOnlyList<DrawnStep> Choices, string Chosen);

/// <summary>
/// Moves running procedures to the published version: where each stands, where it would land, why some cannot be moved; the chosen
/// ones are moved by a button, never by looking.
/// </summary>
public sealed class MoveModel(IWorkflowStore store, ProcedureMoves moves, ProcedureSubjects subjects) : ProgrammePage
{
    /// <summary>Fields that say which step stands for which: <c>r.old=new</c>.</summary>
    public const string ReplacementPrefix = "r.";

    private const int MostReplacements = 200;
    private const int ShortestReason = 5;
    private const int LongestReason = 500;

    [BindProperty(SupportsGet = true)]
    public string Definition { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public StoredDefinition Target { get; private set; } = null!;

    public ProceduresPage Behind { get; private set; } = new(0, [], null);

    public IReadOnlyDictionary<string, ProcedureSubject> Subjects { get; private set; } = new Dictionary<string, ProcedureSubject>();

    public IReadOnlyList<StepReplacement> Steps { get; private set; } = [];

    /// <summary>New activity id by old one, as chosen.</summary>
    public IReadOnlyDictionary<string, string> Replacements { get; private set; } = new Dictionary<string, string>();

    /// <summary>What came of those just chosen; empty before.</summary>
    public IReadOnlyList<ProcedureMoved> Results { get; private set; } = [];

    // As sent, when it was refused.
    public IReadOnlySet<string> Chosen { get; private set; } = new HashSet<string>();

    public bool AllChosen { get; private set; }

    public string Reason { get; private set; } = "";

    public string DefinitionPage => $"{Root}/design/{Uri.EscapeDataString(Definition)}";

    /// <summary>This page's address.</summary>
    public string Here => $"{DefinitionPage}/move";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Replacements = Read(Request.Query.Select(q => (q.Key, Value: q.Value.ToString())));
        return await LoadAsync(cancel) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(string? version, string[]? chosen, bool all, string? reason, CancellationToken cancel)
    {
        Replacements = Read(Request.Form.Select(f => (f.Key, Value: f.Value.ToString())));
        (Chosen, AllChosen, Reason) = ((chosen ?? []).ToHashSet(), all, reason?.Trim() ?? "");
        if (!await LoadAsync(cancel)) return NotFound();
        if (version != Target.Id)
        {
            Problems = [new Problem("", $"Une autre version a été publiée entre-temps : voici où chaque procédure se trouverait dans la version {Target.Version}. Rien n’a été déplacé.")];
            return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        }

        IReadOnlyList<string> ids = all ? [.. Behind.Procedures.Where(p => p.Plan.IsPossible).Select(p => p.InstanceId)] : [.. Chosen];
        if (ProblemsOf(ids) is { Count: > 0 } problems) return Refused(problems);

        var results = new List<ProcedureMoved>();
        foreach (var id in ids)
        {
            if (await moves.MoveAsync(ProgrammeId, Target, id, Replacements, new ByHand(By, Reason, [ProgrammeId]), cancel) is { } result)
                results.Add(result);
            else
                results.Add(new(id, id, null, "Cette procédure n’existe pas dans ce programme, ou elle est terminée et effacée."));
        }

        (Results, Chosen, AllChosen, Reason) = (results, new HashSet<string>(), false, "");
        await LoadAsync(cancel);
        return Page();
    }

    public string NameOf(ProcedureBehind procedure) =>
        Subjects.GetValueOrDefault(procedure.CorrelationId ?? "")?.Words ?? procedure.Name ?? procedure.InstanceId;

    /// <summary>What a step waits for first: what somebody has to do, else the moment.</summary>
    public static ProcedureWait? WaitAt(ProcedureBehind procedure, MigrationStep step) => procedure.Waits.FirstOrDefault(w => w.Step == step.ActivityId);

    private List<Problem> ProblemsOf(IReadOnlyList<string> ids)
    {
        var problems = new List<Problem>();
        if (ids.Count == 0) problems.Add(new("chosen", "Cochez au moins une procédure à déplacer. Rien n’a été changé."));
        if (ids.Count > ProcedureMoves.MostAtOnce) problems.Add(new("chosen", $"Déplacez au plus {ProcedureMoves.MostAtOnce} procédures à la fois."));
        if (Reason.Length is < ShortestReason or > LongestReason)
            problems.Add(new("reason", $"Écrivez pourquoi, en quelques mots ({LongestReason} signes au plus) : le motif reste dans l’historique."));
        return problems;
    }

    private static Dictionary<string, string> Read(IEnumerable<(string Key, string Value)> fields) => fields
        .Where(f => f.Key.StartsWith(ReplacementPrefix, StringComparison.Ordinal) && f.Key.Length > ReplacementPrefix.Length && f.Value.Length > 0)
        .Take(MostReplacements).ToDictionary(f => f.Key[ReplacementPrefix.Length..], f => f.Value);

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await store.FindDefinitionAsync(Definition, published: true, cancel) is not { } published) return false;
        Target = published;
        Behind = await moves.PlanAsync(ProgrammeId, Target, Replacements, After, cancel);
        Subjects = await subjects.OfAsync(ProgrammeId, Root, Behind.Procedures.Select(p => p.CorrelationId), cancel);
        var drawn = await moves.StepsAsync(Target, cancel);
        var there = drawn.SelectMany(s => s).Select(s => (s.Id, s.Type)).ToHashSet();
        Steps = [.. Behind.Procedures.SelectMany(p => p.Plan.Steps).DistinctBy(s => (s.ActivityId, s.ActivityType))
            .Select(s => new StepReplacement(s.ActivityId, s.Title, there.Contains((s.ActivityId, s.ActivityType)), [.. drawn[s.ActivityType]], Replacements.GetValueOrDefault(s.ActivityId, "")))
            .OrderBy(s => s.HasCounterpart).ThenBy(s => s.Title, StringComparer.CurrentCulture)];
        return true;
    }
}
