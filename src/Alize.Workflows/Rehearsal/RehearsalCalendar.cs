using System.Text.RegularExpressions;
using Alize.Data;
using Alize.Data.Outbox;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Rehearsal;

/// <summary>Writes down what happens in a rehearsal, from the rows it leaves: mails, bookings, lines of the history, steps done.</summary>
internal sealed partial class RehearsalCalendar(RehearsalWorld world, Guid programmeId)
{
    private const int LinesAtOnce = 1_000;

    // What only leads from one step to the next says nothing to people.
    private static readonly HashSet<string> Plumbing =
    [
        "Elsa.Workflow", "Elsa.Flowchart", "Elsa.Sequence", "Elsa.FlowDecision", "Elsa.FlowSwitch", "Elsa.FlowFork", "Elsa.FlowJoin", "Elsa.If", "Elsa.Switch", "Elsa.Fork", "Elsa.For",
        "Elsa.ForEach", "Elsa.ParallelForEach", "Elsa.While", "Elsa.Break", "Elsa.SetVariable", "Elsa.SetOutput", "Elsa.SetName", "Elsa.Correlate", "Elsa.Finish", "Elsa.Complete", "Elsa.End",
        "Elsa.Start", "Alize.AwaitInstallment", "Alize.ListInstallments",
    ];

    // A mail or a booking says the same.
    private static readonly HashSet<string> SaidOtherwise = ["task", "reminder", "escalation", "formal-notice", "answer", "mail", "repayment"];

    private readonly List<RehearsalEntry> entries = [];
    private readonly HashSet<Guid> mails = [];
    private readonly Dictionary<string, (int Revision, long Sequence)> read = [];
    private readonly Dictionary<string, string> steps = [];
    private Dictionary<Guid, Contact> people = [];
    private Dictionary<Guid, string> partners = [];
    private long lastNote, lastBooking;

    public IReadOnlyList<RehearsalEntry> Entries => entries;

    /// <summary>From here on: what was there before is not told.</summary>
    public Task BeginAsync(CancellationToken cancel) => world.ReadAsync(async db =>
    {
        mails.UnionWith(await db.OutboxMails.Select(m => m.Id).ToListAsync(cancel));
        lastNote = await db.AuditEntries.MaxAsync(e => (long?)e.Id, cancel) ?? 0;
        lastBooking = await db.JournalEntries.Where(e => e.ProgrammeId == programmeId).MaxAsync(e => (long?)e.Sequence, cancel) ?? 0;
        foreach (var instance in await db.WorkflowInstances.AsNoTracking().Select(i => new { i.Id, i.Revision }).ToListAsync(cancel)) read[instance.Id] = (instance.Revision, long.MaxValue);
        people = await db.Contacts.AsNoTracking().ToDictionaryAsync(c => c.Id, cancel);
        partners = await db.Partners.AsNoTracking().ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return true;
    });

    /// <summary>Notes an answer that was assumed.</summary>
    public void Answered(string step, string text, Guid? contactId = null) =>
        entries.Add(new(world.Clock.GetUtcNow().UtcDateTime, RehearsalKind.Answer, step, FrenchText.Typeset(text), contactId is { } id ? Who(id) : ""));

    /// <summary>A person with the role people know.</summary>
    public string Who(Guid contactId) => people.TryGetValue(contactId, out var contact) ? $"{contact.FullName}, {RoleOf(contact)}" : "";

    /// <summary>Writes down what the last moment left.</summary>
    public Task CollectAsync(CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var done = await StepsAsync(db, cancel);
        var only = done.Select(d => d.Title).Distinct().ToList() is [var one] ? one : "";
        var told = new HashSet<string>();
        var now = world.Clock.GetUtcNow().UtcDateTime;
        foreach (var booking in await BookingsAsync(db, cancel))
            entries.Add(new(now, RehearsalKind.Booked, only, booking.Label, Amount: Moved(booking)));
        foreach (var note in await db.AuditEntries.AsNoTracking().Where(e => e.Id > lastNote).OrderBy(e => e.Id).ToListAsync(cancel))
        {
            lastNote = note.Id;
            if (!SaidOtherwise.Contains(note.Kind)) entries.Add(new(now, RehearsalKind.Noted, only, note.Text));
        }

        foreach (var mail in await MailsAsync(db, cancel))
        {
            var step = StepOf(mail.Key) ?? only;
            told.Add(step);
            entries.Add(new(
                now, RehearsalKind.Mail, step, mail.Subject, mail.ContactId is { } id ? Who(id) : mail.ToAddress,
                Amount: mail.UnlessSettledInstallmentId is { } about ? (await db.Installments.AsNoTracking().SingleAsync(i => i.Id == about, cancel)).Outstanding : null,
                Body: Readable(mail.Body)));
        }

        foreach (var (title, type) in done.Where(d => !told.Contains(d.Title) && !Speaks(d.Type)))
            entries.Add(new(now, RehearsalKind.Step, title, "Étape faite"));
        return true;
    });

    // A personal link and a code are made at hand-over: here their place is named.
    private static string Readable(string body) => PersonalLink().Replace(body, "**$1** (lien personnel)")
        .Replace(MailComposer.LinkMarker, "(lien personnel)", StringComparison.Ordinal).Replace(MailComposer.CodeMarker, "(code)", StringComparison.Ordinal);

    [GeneratedRegex(@"\[([^\]\r\n]*)\]\(\{\{link\}\}\)")]
    private static partial Regex PersonalLink();

    // Their line in the history tells more.
    private static bool Speaks(string type) => type.StartsWith("Alize.", StringComparison.Ordinal) && type is not ("Alize.RecordCompanyFacts" or "Alize.RecordInstruction" or "Alize.RecordMinutes");

    private async Task<List<JournalEntry>> BookingsAsync(AlizeDb db, CancellationToken cancel)
    {
        var booked = await db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == programmeId && e.Sequence > lastBooking).OrderBy(e => e.Sequence).ToListAsync(cancel);
        if (booked.Count > 0) lastBooking = booked[^1].Sequence;
        return [.. booked.Where(e => e.Amount > Money.Zero)];
    }

    /// <summary>What the bank sees, where it does: an entry that pays also releases what was held, and both are debits.</summary>
    private static Money Moved(JournalEntry booking)
    {
        var bank = booking.Lines.Where(l => l.Ledger == LedgerAccount.Bank).Sum(l => l.DebitCents - l.CreditCents);
        return bank == 0 ? booking.Amount : new Money(Math.Abs(bank));
    }

    private async Task<List<OutboxMail>> MailsAsync(AlizeDb db, CancellationToken cancel)
    {
        // A reminder whose instalment is settled before it leaves is withdrawn: it is looked at when it is written, as it would leave.
        var since = world.Clock.GetUtcNow().UtcDateTime;
        var written = await db.OutboxMails.AsNoTracking().Where(m => m.CreatedAt >= since).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).ToListAsync(cancel);
        return [.. written.Where(m => mails.Add(m.Id))];
    }

    /// <summary>Steps that were done since the last look, as people call them.</summary>
    private async Task<List<(string Title, string Type)>> StepsAsync(AlizeDb db, CancellationToken cancel)
    {
        var done = new List<(string, string)>();
        foreach (var instance in await db.WorkflowInstances.AsNoTracking().OrderBy(i => i.CreatedAt).Select(i => new { i.Id, i.Revision, i.DefinitionVersionId }).ToListAsync(cancel))
        {
            var (revision, sequence) = read.GetValueOrDefault(instance.Id);
            if (sequence == long.MaxValue || (revision == instance.Revision && sequence > 0)) continue;
            var lines = await world.DoAsync<IWorkflowStore, IReadOnlyList<JournalRecord>>(s => s.JournalAsync(instance.Id, sequence, LinesAtOnce, cancel));
            foreach (var line in lines)
            {
                sequence = line.Sequence;
                if (Plumbing.Contains(line.ActivityType) && line.ActivityType.StartsWith("Elsa.", StringComparison.Ordinal)) continue;
                var title = steps[line.ActivityInstanceId] = await world.TitleAsync(instance.DefinitionVersionId, line.ActivityId, cancel);
                if (line.EventName == "Completed" && !Plumbing.Contains(line.ActivityType)) done.Add((title, line.ActivityType));
            }

            read[instance.Id] = (lines.Count < LinesAtOnce ? instance.Revision : revision, sequence);
        }

        return done;
    }

    /// <summary>The step that wrote a mail: its key begins with the step's own.</summary>
    private string? StepOf(string key)
    {
        for (var end = key.LastIndexOf(':'); end > 0; end = key.LastIndexOf(':', end - 1))
            if (steps.TryGetValue(key[..end], out var title)) return title;
        return null;
    }

    private string RoleOf(Contact contact) => contact.Role switch
    {
        ContactRole.CompanyHead => "dirigeant de l’entreprise",
        ContactRole.OperatorStaff => "opérateur local",
        ContactRole.CommitteeChair => "président du comité d’agrément",
        ContactRole.CommitteeMember => "membre du comité d’agrément",
        _ => contact.PartnerId is { } id ? partners.GetValueOrDefault(id, "partenaire") : "partenaire",
    };
}
