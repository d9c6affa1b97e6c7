using Alize.Data.Documents;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Documents;

/// <summary>
/// The wording of one template: shown beside what it gives on an example, kept version by version. A wording that cannot be filled
/// is refused with its line.
/// </summary>
public sealed class TemplateModel(Templates templates, DocumentArchive archive) : ProgrammePage
{
    public TemplateKind Kind { get; private set; } = DocumentCatalogue.All[0];

    public string Text { get; private set; } = "";

    /// <summary>Whether the territory's own wording is in force.</summary>
    public bool IsOwn { get; private set; }

    public IReadOnlyList<TemplateVersion> History { get; private set; } = [];

    public FilledText? Preview { get; private set; }

    public Problem? PreviewProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string name, string? version, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel)) return NotFound();
        if (version == "shipped") Text = Kind.Shipped;
        else if (Guid.TryParse(version, out var id) && History.FirstOrDefault(v => v.Id == id) is { Text: { } old }) Text = old;
        Try(Text);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string name, string? text, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel)) return NotFound();
        Text = text ?? "";
        var problems = await templates.SaveAsync(Programme, Kind, Text, By, cancel);
        if (problems.Count > 0)
        {
            Try(Text);
            return Refused(problems);
        }

        Say(Kind.IsMail ? "Le texte est enregistré : les prochains courriels le suivront." : "Le texte est enregistré : les prochains documents le suivront.");
        return Redirect($"{Root}/templates/{Kind.Name}");
    }

    public async Task<IActionResult> OnPostTakeBackAsync(string name, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel)) return NotFound();
        await templates.TakeBackAsync(ProgrammeId, Kind, By, cancel);
        Say("Le texte livré est repris.");
        return Redirect($"{Root}/templates/{Kind.Name}");
    }

    /// <summary>What is typed, shown on the whole page; nothing is saved.</summary>
    public async Task<IActionResult> OnPostLookAsync(string name, string? text, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel)) return NotFound();
        Try(Text = text ?? "");
        return Page();
    }

    /// <summary>The same, for the part of the page that follows the typing.</summary>
    public async Task<IActionResult> OnPostPreviewAsync(string name, string? text, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel)) return NotFound();
        Try(text ?? "");
        return Partial("_Preview", this);
    }

    public async Task<IActionResult> OnPostPdfAsync(string name, string? text, CancellationToken cancel)
    {
        if (!await LoadAsync(name, cancel) || Kind.IsMail) return NotFound();
        Try(Text = text ?? "");
        if (Preview is null) return Refused([PreviewProblem!]);
        return File(await archive.PreviewAsync(Programme, Preview, cancel), "application/pdf");
    }

    private async Task<bool> LoadAsync(string name, CancellationToken cancel)
    {
        if (DocumentCatalogue.Find(name) is not { } kind) return false;
        Kind = kind;
        History = await templates.HistoryAsync(ProgrammeId, kind.Name, cancel);
        IsOwn = History is [{ Text: not null }, ..];
        Text = History is [{ Text: { } own }, ..] ? own : kind.Shipped;
        return true;
    }

    private void Try(string text)
    {
        PreviewProblem = templates.Problem(Kind, text, Programme);
        if (PreviewProblem is null) Preview = templates.Fill(Kind, text, Kind.Samples[0], Programme);
    }
}
