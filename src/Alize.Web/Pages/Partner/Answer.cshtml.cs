using System.Globalization;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Signatures;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Alize.Workflows.Documents.Pdf;
using Alize.Workflows.Mail;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>The project a request is about, as its page names it.</summary>
public sealed record AskedProject(string Number, string Title, string Company);

/// <summary>Somebody who signs the convention, and when it was done.</summary>
public sealed record SignatureLine(string FullName, SignatoryCapacity Capacity, DateTime? SignedAt, bool IsRefused);

/// <summary>
/// The page a personal link opens: what is asked, its fields, one button for each answer. No account, no script. A GET changes
/// nothing, whoever or whatever opens the link; the answer is a POST, and the next page cannot be sent again.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class AnswerModel(TaskLinks links, PartnerTasks tasks, ConventionSigning signing, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    private static readonly string[] SignatureFields = ["initials", "consent", "reason"];

    private Dictionary<string, string>? typed;

    public AskedProject? Project { get; private set; }

    public IReadOnlyList<TaskField> Fields { get; private set; } = [];

    public IReadOnlyList<TaskOutcome> Outcomes { get; private set; } = [];

    /// <summary>The text to sign. Null on a page that is no signature.</summary>
    public CooperationConvention? Convention { get; private set; }

    /// <summary>How far this signatory has come. Null on a page that is no signature.</summary>
    public SigningView? Signing { get; private set; }

    public IReadOnlyList<SignatureLine> Signatories { get; private set; } = [];

    public DateOnly Today => Clock.Today;

    /// <summary>What the person typed. Null before: the field then shows its first value.</summary>
    public string? Typed(string field) => typed is null ? null : typed.GetValueOrDefault(field, "");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Visit.Task is not { } task) return Closed();

        var form = await Request.ReadFormAsync(cancel);
        var names = Convention is null ? Fields.Select(f => f.Name) : SignatureFields;
        typed = names.Where(form.ContainsKey).ToDictionary(name => name, name => form[name].ToString());
        var outcome = form["outcome"].ToString();
        var problems = Convention is null
            ? await tasks.AnswerAsync(task.Id, outcome, typed, Visit.By, Evidence(), cancel)
            : await signing.AnswerAsync(task, SigningVisit.SecretOf(Request), outcome, typed, SigningVisit.PlaceOf(HttpContext), cancel);
        if (problems.Count == 0) return Redirect($"/t/{Token}/done");

        // Somebody may have answered while this page was open: then that is what it has to say.
        await OpenAsync(cancel);
        return Visit.Fate == LinkFate.Usable ? Refused(IsEnglish ? [.. problems.Select(InEnglish)] : problems) : Closed();
    }

    /// <summary>Sends the one-time code; the page then asks for it.</summary>
    public async Task<IActionResult> OnPostCodeAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Visit is not { Task: { } task } || Convention is null) return NotFound();
        var problems = await signing.AskCodeAsync(task, SigningVisit.PlaceOf(HttpContext), cancel);
        return problems.Count == 0 ? Redirect($"/t/{Token}") : await AgainAsync(problems, cancel);
    }

    /// <summary>Tries the code; the right one opens the document to this browser.</summary>
    public async Task<IActionResult> OnPostVerifyAsync(string? code, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Visit is not { Task: { } task } || Convention is null) return NotFound();
        var (secret, problems) = await signing.TryCodeAsync(task, code ?? "", SigningVisit.PlaceOf(HttpContext), cancel);
        if (secret is null) return await AgainAsync(problems, cancel);
        SigningVisit.Open(HttpContext, Token, secret);
        return Redirect($"/t/{Token}");
    }

    private async Task<IActionResult> AgainAsync(IReadOnlyList<Problem> problems, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Signing?.Stage != SigningStage.TypeCode) problems = [.. problems.Select(p => p with { Field = "" })];
        return Refused(IsEnglish ? [.. problems.Select(InEnglish)] : problems);
    }

    /// <returns>What to answer instead of the form; null when the link opens it.</returns>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is { Link.Purpose: MailLinks.Account }) return Redirect($"/a/{Token}");
        if (Visit is { Link: not null, Task: null }) return Redirect($"/detect/{Token}");
        if (Visit is not { Fate: LinkFate.Usable, Task: { } task }) return Closed();
        if (task.Kind == TimeSheets.TaskKind) return Redirect($"/t/{Token}/time");

        Fields = PartnerTasks.FieldsOf(task);
        Outcomes = PartnerTasks.OutcomesOf(task);
        if (task.ProjectId is { } projectId)
            Project = await Db.Projects.Where(p => p.Id == projectId)
                .Join(Db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new AskedProject(p.Number, p.Title, c.Name)).SingleAsync(cancel);
        if (task.Kind == SignatureForm.Kind) await LoadConventionAsync(task, cancel);
        return null;
    }

    private async Task LoadConventionAsync(PartnerTask task, CancellationToken cancel)
    {
        Convention = await Db.Conventions.AsNoTracking().Include(c => c.Signatories).SingleAsync(c => c.Id == task.SubjectId, cancel);
        var ids = Convention.Signatories.Select(s => s.ContactId).ToList();
        var names = await Db.Contacts.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        Signatories = [.. Convention.Signatories.OrderBy(s => s.Capacity)
            .Select(s => new SignatureLine(names[s.ContactId], s.Capacity, s.SignedAt, s.RefusedBecause is not null))];
        var stage = await signing.IsOpenAsync(task, SigningVisit.SecretOf(Request), cancel) ? SigningStage.Sign
            : await signing.IsCodeExpectedAsync(task, cancel) ? SigningStage.TypeCode
            : SigningStage.AskCode;
        var pages = stage != SigningStage.Sign ? 0 : PdfPress.CountPages(
            await Db.Documents.Where(d => d.Id == Convention.DocumentId).Select(d => d.Content).SingleAsync(cancel));
        Signing = new(stage, await signing.WaitsForAsync(task, cancel), Masked(Visit.Contact!.Email), pages);
    }

    private string Evidence()
    {
        var agent = SigningVisit.PlaceOf(HttpContext).Agent;
        var moment = Clock.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{moment} · {HttpContext.Connection.RemoteIpAddress} · {agent}";
    }

    /// <summary>The sentences come in French; a person who reads English is told the same of the same field.</summary>
    private Problem InEnglish(Problem problem)
    {
        var field = Fields.FirstOrDefault(f => f.Name == problem.Field);
        var text = (Typed(problem.Field) ?? "").Trim();
        return problem with
        {
            Sentence = (problem.Field, field?.Type) switch
            {
                ("", _) when Signing is { Stage: SigningStage.AskCode } => "This code no longer works. Ask for a new one.",
                ("", _) when Convention is not null => "This cannot be done just now, and nothing was changed. Load the page again to see why.",
                ("code", _) => "This is not the right code, or it no longer works. Copy the six digits of the newest email; after three errors you need a new code.",
                ("", _) => "Choose one of the answers offered.",
                ("initials", _) when Convention is not null => "Give your initials, 2 to 5 letters.",
                ("consent", _) when Convention is not null => "Tick the box to confirm that you have read the agreement and sign it.",
                ("reason", _) when Convention is not null => "Say why you do not sign, so that the local operator can help.",
                _ when text.Length == 0 => $"“{field?.Label}” is needed for this answer. Please fill it in.",
                (_, "integer") => $"“{text}” is not a whole number within the limits {field?.Minimum ?? 0} to {field?.Maximum?.ToString(CultureInfo.InvariantCulture) ?? "…"}.",
                (_, "money") => $"“{text}” is not an amount in euros. Write for instance 15 000 or 15000,50.",
                (_, "percent") => $"“{text}” is not a percentage. Write a number from 0 to 100, for instance 24,9.",
                (_, "date") when DateOnly.TryParseExact(text, ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => "The last day comes before the first one. Correct one of them.",
                (_, "date") => $"“{text}” is not a date. Write for instance 03/06/2026, day first.",
                (_, "choice") => "Choose one of the values of the list.",
                _ => "This text is too long: 10,000 characters at most.",
            },
        };
    }
}
