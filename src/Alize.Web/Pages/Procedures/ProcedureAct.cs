using Alize.Engine.Definitions;

namespace Alize.Web.Pages.Procedures;

/// <summary>A button of the procedure's page that asks for a reason before it acts.</summary>
/// <param name="Name">Handler of the page.</param>
/// <param name="Label">Words on the button.</param>
/// <param name="Consequence">What will happen.</param>
/// <param name="Look">As <c>alize-post</c> has it.</param>
/// <param name="Page">The page, for what was typed and refused.</param>
/// <param name="Bookmark">The wait it ends. Null for none.</param>
public sealed record ProcedureAct(string Name, string Label, string Consequence, string Look, ProcedureModel Page, string? Bookmark = null)
{
    public bool IsOpen => Page.Sent == Form;

    public string Reason => IsOpen ? Page.Reason : "";

    /// <summary>Unique on the page.</summary>
    public string Field => $"reason-{Form}";

    public string? Problem => IsOpen ? Page.Problems.FirstOrDefault(p => p.Field == Field)?.Sentence : null;

    private string Form => Bookmark is null ? Name : $"{Name}-{Bookmark}";

    /// <summary>A line of the journal in French.</summary>
    public static string Words(string eventName) => eventName switch
    {
        "Started" => "a commencé",
        "Completed" => "est terminée",
        "Suspended" => "attend",
        "Resumed" => "a repris",
        "Retried" => "a été relancée",
        "Faulted" => "a échoué",
        "Canceled" => "a été abandonnée",
        "Migrated" => "a été déplacée",
        "VariablesWritten" => "a vu ses variables modifiées à la main",
        _ => eventName,
    };
}

/// <summary>Steps as people know them: what the step does, and its id in the definition.</summary>
public sealed class StepNames(ActivityRegistry registry)
{
    public string Of(string type, string id) => registry.TryFind(type, out var descriptor) && type.StartsWith("Alize.", StringComparison.Ordinal) ? $"{descriptor.DisplayName} ({id})" : id;
}
