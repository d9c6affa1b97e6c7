using System.Globalization;
using System.Text.RegularExpressions;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Mail;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// Everybody who is asked something by mail: partners, companies, the chair, the operator. Each answers some days later, as the seed
/// says; who does not answer is reminded.
/// </summary>
internal sealed partial class Respondents(YearsWorld world, Guid programmeId, Dice dice, DevelopmentMailbox mailbox)
{
    private static readonly SigningPlace Place = new("192.0.2.10", "Téléphone");
    private readonly Dictionary<Guid, PlannedProject> projects = [];
    private readonly Dictionary<Guid, DateOnly> nextVisits = [];
    private readonly HashSet<Guid> refusedOnce = [];

    public IReadOnlyDictionary<Guid, PlannedProject> Projects => projects;

    /// <summary>From now on the people of that project act as planned.</summary>
    public void Know(Guid projectId, PlannedProject planned) => projects[projectId] = planned;

    /// <summary>Answers what is due by today.</summary>
    public async Task ActAsync(CancellationToken cancel)
    {
        var today = world.Today;
        var open = await world.ReadAsync(db => db.PartnerTasks.AsNoTracking().Where(t => t.ProgrammeId == programmeId && t.State == PartnerTaskState.Open)
            .Select(t => new { Task = t, Who = db.Contacts.Where(c => c.Id == t.AssigneeContactId).Select(c => c.FullName).First() }).ToListAsync(cancel));
        foreach (var (task, who) in open.Select(o => (o.Task, o.Who)).OrderBy(o => o.Task.CreatedAt).ThenBy(o => o.Task.Title, StringComparer.Ordinal).ThenBy(o => o.Who, StringComparer.Ordinal))
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{task.Title}|{who}|{task.CreatedAt:yyyyMMdd}");
            if (DateOnly.FromDateTime(task.CreatedAt).AddDays(DelayOf(task, key)) > today || nextVisits.GetValueOrDefault(task.Id) > today) continue;

            // Another's answer, a moment ago, may have ended it.
            if (await world.ReadAsync(db => db.PartnerTasks.AnyAsync(t => t.Id == task.Id && t.State != PartnerTaskState.Open, cancel))) continue;
            await AnswerAsync(task, who, key, cancel);
            await world.SettleAsync(cancel);
        }
    }

    private int DelayOf(PartnerTask task, string key) => task.Kind switch
    {
        SignatureForm.Kind => dice.Falls(10, key + "late") ? dice.Between(12, 20, key) : dice.Between(0, 6, key),
        PayAdvance.TaskKind => dice.Between(0, 4, key),
        TimeSheets.TaskKind => dice.Between(10, 45, key),
        _ => dice.Falls(15, key + "late") ? dice.Between(8, 18, key) : dice.Between(0, 5, key),
    };

    private async Task AnswerAsync(PartnerTask task, string who, string key, CancellationToken cancel)
    {
        var project = task.ProjectId is { } id ? projects[id] : null;
        switch (task.Kind)
        {
            case SignatureForm.Kind:
                await SignAsync(task, project!, cancel);
                return;
            case TimeSheets.TaskKind:
                await LendAsync(task, who, project!, key, cancel);
                return;
            case PayAdvance.TaskKind when project!.Fate != Fate.Waived:
                await PayAsync(task, project, cancel);
                return;
        }

        var (outcome, values) = Answer(task, project, key);
        if (outcome.Length == 0) return;
        await world.DoAsync<PartnerTasks>(async tasks => YearsWorld.Accept(await tasks.AnswerAsync(task.Id, outcome, values, who, "lien personnel", cancel)));
    }

    /// <summary>The answer of a form; an empty outcome says nothing at all.</summary>
    private (string Outcome, Dictionary<string, string> Values) Answer(PartnerTask task, PlannedProject? project, string key)
    {
        bool Is(string words) => task.Title.Contains(words, StringComparison.Ordinal);
        if (task.Kind == PayAdvance.TaskKind) return (PayAdvance.Declined, []);
        if (Is("quelques chiffres"))
            return project!.Fate switch
            {
                Fate.Silent => ("", []),
                Fate.NotInterested => ("NotInterested", []),
                _ => ("Answered", new() { ["headcount"] = Number(dice.Between(3, 120, key)), ["largestHolder"] = "0", ["jobsPlanned"] = project.Form.JobsPlanned }),
            };
        if (Is("Instruire"))
            return project!.Fate switch
            {
                Fate.Dropped => ("Abandon", []),
                Fate.Oriented => ("Orient", new() { ["schemesConsidered"] = "Prêt d’honneur : il suffit au besoin." }),
                _ => ("ToCommittee", new() { ["schemesConsidered"] = "Prêt d’honneur : plafond atteint. Prêt bancaire seul : refusé." }),
            };
        if (Is("Condition à vérifier"))
            return (project!.Fate == Fate.ConditionFails ? "NotMet" : "Met", new() { ["evidence"] = "Pièce reçue de l’entreprise." });
        if (Is("Signatures non recueillies")) return (project!.Fate == Fate.NotSigned ? "Abandon" : "Again", []);
        if (Is("qui intervient") || Is("who will come")) return ("Named", dice.Falls(50, key + "dates") ? Dates("Jean Petit") : new() { ["personName"] = "Jean Petit" });
        if (Is("quelles dates") || Is("which days")) return ("Given", Dates());
        if (Is("ces dates vous conviennent-elles"))
            return dice.Falls(15, key + "wish") ? ("OtherDates", new() { ["wish"] = "Plutôt deux semaines plus tard" }) : ("Agreed", []);
        if (Is("Où en est") || Is("How is")) return ("Reported", new() { ["progress"] = "Le projet avance comme prévu." });
        if (Is("Enquête emploi"))
            return dice.Falls(10, project!.Key + "silent-survey") ? ("", []) : ("Answered", new() { ["jobsCreated"] = Number(dice.Between(0, 9, project.Key + task.Title)) });
        if (Is("à ASTREES"))
            return ("Paid", new() { ["amount"] = "6000", ["paidOn"] = Day(world.Today), ["document"] = task.Title });
        if (Is("Renouveler la convention")) return ("NotRenewed", new() { ["minutes"] = "Compte rendu du comité de pilotage" });
        if (Is("à approuver"))
            return dice.Falls(10, key + "remarks") ? ("Corrections", new() { ["remarks"] = "Préciser le débat sur la garantie." }) : ("Approved", []);
        if (Is("à corriger")) return ("Corrected", new() { ["minutes"] = "Compte rendu corrigé selon les remarques du président de séance." });
        return OutcomeOfForm(task);
    }

    private Dictionary<string, string> Dates(string? person = null)
    {
        var dates = new Dictionary<string, string> { ["startsOn"] = Day(world.Today.AddDays(10)), ["endsOn"] = Day(world.Today.AddDays(100)) };
        if (person is not null) dates["personName"] = person;
        return dates;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A partner lends what it promised, some a little less, some more, in several visits written down on its time sheet.</summary>
    private async Task LendAsync(PartnerTask task, string who, PlannedProject project, string key, CancellationToken cancel)
    {
        var commitment = await world.ReadAsync(db => db.CompetenceCommitments.AsNoTracking().SingleAsync(c => c.Id == task.SubjectId, cancel));
        var promised = Math.Max(1, commitment.HalfDays + dice.Between(-2, 2, project.Key + commitment.Field));
        var visit = string.Create(CultureInfo.InvariantCulture, $"{key}|{commitment.HalfDaysLogged}");
        var now = Math.Min(dice.Between(2, 8, visit), promised - commitment.HalfDaysLogged);
        await world.DoAsync<TimeSheets>(async sheets => YearsWorld.Accept(await sheets.LogAsync(
            programmeId, commitment.Id, new(string.Create(CultureInfo.InvariantCulture, $"{commitment.Id:N}-{commitment.HalfDaysLogged}"), world.Today, now, "Visite dans l’entreprise", SaysBeyond: commitment.HalfDaysLogged + now > commitment.HalfDays), who, cancel)));
        nextVisits[task.Id] = world.Today.AddDays(dice.Between(6, 25, visit + "next"));
        if (commitment.HalfDaysLogged + now < promised) return;
        await world.DoAsync<PartnerTasks>(async tasks => YearsWorld.Accept(await tasks.AnswerAsync(task.Id, TimeSheets.Finished, new Dictionary<string, string>(), who, "lien personnel", cancel)));
    }

    // A procedure drawn later asks what the story does not know: whoever is asked takes the first answer and fills what is required.
    private static (string Outcome, Dictionary<string, string> Values) OutcomeOfForm(PartnerTask task) => (
        PartnerTasks.OutcomesOf(task)[0].Name,
        PartnerTasks.FieldsOf(task).Where(f => f.IsRequired).ToDictionary(f => f.Name, f => f switch
        {
            { Value.Length: > 0 } => f.Value,
            { Choices.Count: > 0 } => f.Choices[0],
            { Type: "integer" or "money" or "percent" } => "1",
            { Type: "checkbox" } => "true",
            _ => "Fait.",
        }));

    private async Task PayAsync(PartnerTask task, PlannedProject project, CancellationToken cancel)
    {
        // Two thirds at once, in whole euros; the rest is ordered from the advance's page.
        Money? part = project.IsPaidInParts ? Money.Euros(project.Advance.Cents / 150) : null;
        var refusals = await world.AskAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(task.ProjectId!.Value, part, YearsTerritory.Treasurer, cancel));
        YearsWorld.Accept(refusals);
    }

    /// <summary>Asks for the code, reads it in the mail, and signs or refuses.</summary>
    private async Task SignAsync(PartnerTask task, PlannedProject project, CancellationToken cancel)
    {
        var contact = await world.ReadAsync(db => db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel));
        var isHead = contact.CompanyId is not null;
        if (isHead && project.Fate == Fate.NotSigned) return;
        await world.DoAsync<ConventionSigning>(async signing => YearsWorld.Accept(await signing.AskCodeAsync(task, Place, cancel)));
        await world.SettleAsync(cancel);
        var code = mailbox.List(30).Where(m => m.To.Contains(contact.Email, StringComparison.Ordinal)).Select(m => OneTimeCode().Match(m.Text)).First(m => m.Success).Groups[1].Value;
        await world.DoAsync<ConventionSigning>(async signing =>
        {
            var (secret, problems) = await signing.TryCodeAsync(task, code, Place, cancel);
            YearsWorld.Accept(problems);
            var refuses = isHead && project.RefusesFirst && refusedOnce.Add(task.ProjectId!.Value);
            YearsWorld.Accept(refuses
                ? await signing.AnswerAsync(task, secret, SignatureForm.Refused, new Dictionary<string, string> { ["reason"] = "Le montant n’est pas celui convenu." }, Place, cancel)
                : await signing.AnswerAsync(task, secret, SignatureForm.Signed, new Dictionary<string, string> { ["initials"] = Initials(contact.FullName), ["consent"] = "true" }, Place, cancel));
        });
    }

    private static string Initials(string name) => string.Concat(name.Split(' ').Select(word => word[0]));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{6})\r?$", RegexOptions.Multiline)]
    private static partial Regex OneTimeCode();
}
