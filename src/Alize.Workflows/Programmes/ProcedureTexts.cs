using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Engine.Expressions;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>
/// Fills the texts that the operator writes into a definition: <c>{{ company.name }}</c>, <c>{{ project.title }}</c>,
/// <c>{{ programme.name }}</c>, <c>{{ year.number }}</c>, <c>{{ term.ends_on }}</c>, <c>{{ decision.advance }}</c>, <c>{{ advance.outstanding }}</c>, and whatever the step adds of its own.
/// </summary>
public sealed class ProcedureTexts(AlizeDb db, LiquidTemplates templates, ProgrammeYears years, ProgrammeClock clock)
{
    /// <summary>Fills a text that becomes Markdown, for one reader: values are escaped, so that a company's name stays a name.</summary>
    public async Task<string> MarkdownAsync(
        Wording text, Contact? reader, StepSubject subject, IReadOnlyDictionary<string, object?>? own, CancellationToken cancel) =>
        templates.Render(text.For(reader), await ModelAsync(subject, own, text.LanguageFor(reader), cancel), MarkdownText.Escape, cancel);

    /// <summary>Fills a text that stays plain, such as a subject or a title, for one reader.</summary>
    public async Task<string> PlainAsync(
        Wording text, Contact? reader, StepSubject subject, IReadOnlyDictionary<string, object?>? own, CancellationToken cancel) =>
        templates.Render(text.For(reader), await ModelAsync(subject, own, text.LanguageFor(reader), cancel), encode: null, cancel);

    /// <summary>Fills a plain French text without anything of the step's own.</summary>
    public Task<string> PlainAsync(string text, StepSubject subject, CancellationToken cancel) => PlainAsync(new(text), null, subject, null, cancel);

    private async Task<IReadOnlyDictionary<string, object?>> ModelAsync(
        StepSubject subject, IReadOnlyDictionary<string, object?>? own, string language, CancellationToken cancel)
    {
        var model = new Dictionary<string, object?>
        {
            ["programme"] = new Dictionary<string, object?> { ["name"] = subject.Programme.Name, ["territory"] = subject.Programme.Territory },
        };
        if (subject.Session is { } session)
            model["session"] = new Dictionary<string, object?>
            {
                ["date"] = DateOnly.FromDateTime(clock.ToLocal(session.StartsAt)),
                ["time"] = TimeOnly.FromDateTime(clock.ToLocal(session.StartsAt)),
                ["place"] = session.Place,
                ["video_link"] = session.VideoLink,
                ["reason"] = session.CancelledBecause ?? "",
                ["minutes"] = new EncodedText(session.Minutes ?? ""),
            };
        if (subject.Year is { } year) model["year"] = await OfYearAsync(subject, year, cancel);
        if (subject.Term is { } term)
            model["term"] = new Dictionary<string, object?>
            {
                ["ends_on"] = subject.Programme.EndsOn,
                ["decided_in"] = term.DecidedIn,
                ["structure"] = term.Structure,
            };
        if (subject.File is { } file) await AddProjectAsync(model, file, cancel);
        foreach (var (name, value) in own ?? new Dictionary<string, object?>()) model[name] = value;
        return model.ToDictionary(entry => entry.Key, entry => Written(entry.Value, language));
    }

    private async Task<Dictionary<string, object?>> OfYearAsync(StepSubject subject, ProgrammeYear year, CancellationToken cancel)
    {
        var duties = await years.DutiesAsync(year, cancel);
        var rhythm = await years.SteeringAsync(subject.Programme, cancel);
        return new()
        {
            ["number"] = year.Year.ToString(CultureInfo.InvariantCulture),
            ["next"] = (year.Year + 1).ToString(CultureInfo.InvariantCulture),
            ["by"] = duties[0].By,
            ["missing"] = duties.Where(d => d.On(clock.Today) != DutyState.Done).Select(d => ProgrammeYears.French(d.Kind)).ToArray(),
            ["steering_by"] = rhythm.MeetBy,
        };
    }

    /// <summary>Days and hours as the reader's language writes them, wherever they stand.</summary>
    private static object? Written(object? value, string language) => value switch
    {
        DateOnly or TimeOnly => MailWords.TryWrite(value, language),
        IReadOnlyDictionary<string, object?> fields => fields.ToDictionary(field => field.Key, field => Written(field.Value, language)),
        IReadOnlyDictionary<string, object?>[] items => items.Select(item => Written(item, language)).ToArray(),
        _ => value,
    };

    private async Task AddProjectAsync(Dictionary<string, object?> model, ProjectFile file, CancellationToken cancel)
    {
        var (_, project, company, _) = file;
        model["project"] = new Dictionary<string, object?>
        {
            ["number"] = project.Number,
            ["title"] = project.Title,
            ["description"] = project.Description,
            ["jobs"] = project.JobsPlanned,
            ["cost"] = project.Cost.ToString(),
            ["own_share"] = project.OwnShare.ToString(),
            ["requested_advance"] = project.RequestedAdvance.ToString(),
            ["competences_asked"] = project.CompetencesAsked,
        };
        model["company"] = new Dictionary<string, object?> { ["name"] = company.Name, ["commune"] = company.Commune, ["siret"] = company.Siret };

        var decision = await db.Decisions.AsNoTracking().Where(d => d.ProjectId == project.Id)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
        if (decision is not null)
            model["decision"] = new Dictionary<string, object?>
            {
                ["date"] = decision.DecidedOn,
                ["advance"] = decision.Advance.ToString(),
                ["has_advance"] = decision.Advance > Money.Zero,
                ["months"] = decision.Months,
                ["deferral_months"] = decision.DeferralMonths,
                ["reason"] = decision.Reason,
            };

        var advance = await db.Advances.AsNoTracking().FirstOrDefaultAsync(a => a.ProjectId == project.Id, cancel);
        if (advance is not null)
            model["advance"] = new Dictionary<string, object?>
            {
                ["reference"] = advance.Reference,
                ["principal"] = advance.Principal.ToString(),
                ["outstanding"] = advance.Outstanding.ToString(),
                ["lost"] = advance.Position.Lost.ToString(),
                ["is_lost"] = advance.Position.Lost > Money.Zero,
                ["paid_on"] = advance.PaidOn,
                ["installments"] = advance.Installments.OrderBy(i => i.Number).Select(i => new Dictionary<string, object?>
                {
                    ["number"] = advance.RankOf(i),
                    ["amount"] = i.Amount.ToString(),
                    ["due_on"] = i.CollectOn,
                }).ToArray(),
            };
    }
}
