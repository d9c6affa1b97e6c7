using System.Globalization;
using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Alize.Engine.Storage;
using Alize.Workflows.Demo;
using Alize.Workflows.Mail;
using Alize.Workflows.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Demo;

/// <summary>One project from its detection to its closing, 36 months later. Every figure it prints is checked at the end.</summary>
internal sealed class WholeLife(DemoWorld world)
{
    private const string Number = "2027-001";
    private const string Reference = "AV-2027-001";

    private readonly People people = new(world);
    private readonly HashSet<string> lateSigners = ["sylvie.arnaud@tournerie.example"];
    private int timeLogged;

    public async Task RunAsync(CancellationToken cancel)
    {
        world.OnMail = ReactAsync;
        await people.DetectAsync("julien.morel@cci-val.example", Tournerie, cancel);
        await people.OperatorAnswersAsync("Instruire", "ToCommittee", new()
        {
            ["schemesConsidered"] = "Prêt d’honneur : plafond déjà atteint. Prêt bancaire seul : refusé sans apport.",
            ["cost"] = "180 000",
            ["ownShare"] = "150 000",
            ["requestedAdvance"] = "30 000",
        }, cancel);

        var session = await people.PlanSessionAsync(world.Today.AddDays(15), cancel);
        await world.WaitDaysAsync(15, cancel);
        await people.OpenSessionAsync(session, cancel);
        var answer = await people.DecideAsync(session, Number, yes: 6, no: 2, months: "36", cancel);
        if (!answer.StartsWith('2')) throw new InvalidOperationException($"The vote was not recorded: {answer}");
        world.Say($"vote        {await VoteAsync(cancel)}");
        await people.CloseSessionAsync(session, cancel);
        await world.WaitDaysAsync(10, cancel);

        var paid = await people.PayAsync(Number, cancel);
        if (!paid.StartsWith('2')) throw new InvalidOperationException($"The advance was not paid: {paid}");
        world.Say($"versement   avance {Reference} versée");
        await RepayAsync(cancel);
        await world.WaitDaysAsync(150, cancel);
        await CheckAsync(cancel);
    }

    public static Dictionary<string, string> Tournerie { get; } = new()
    {
        ["Company"] = "Tournerie des Aulnes",
        ["Siret"] = "412 345 670 00019",
        ["Commune"] = "Saint-Aubin-sur-Ombrelle",
        ["HeadName"] = "Sylvie Arnaud",
        ["HeadEmail"] = "sylvie.arnaud@tournerie.example",
        ["IsRegistered"] = "true",
        ["Turnover"] = "2 850 000",
        ["Title"] = "Atelier d’usinage cinq axes",
        ["Description"] = "Un centre d’usinage et une deuxième équipe.",
        ["JobsPlanned"] = "6",
        ["Cost"] = "180 000",
        ["OwnShare"] = "150 000",
        ["RequestedAdvance"] = "30 000",
        ["RequestedMonths"] = "36",
        ["RequestedDeferralMonths"] = "6",
        ["CompetencesAsked"] = "Organisation de la production, qualité",
    };

    /// <summary>What each person does when a mail comes. Who answers nothing is reminded.</summary>
    private async Task ReactAsync(MailboxMessage mail, CancellationToken cancel)
    {
        bool Is(string words) => mail.Subject.Contains(words, StringComparison.Ordinal);
        if (DemoWorld.CodeOf(mail) is { } code)
        {
            await people.SignAsync(mail, code, cancel);
            return;
        }

        if (DemoWorld.LinkOf(mail) is null || mail.To.Contains(DemoTerritory.OperatorEmail, StringComparison.Ordinal)) return;
        if (Is("quelques chiffres"))
            await AnswerAsync(mail, "Answered", new() { ["headcount"] = "23", ["largestHolder"] = "0", ["jobsPlanned"] = "6" }, "répond", cancel);
        else if (Is("À signer") || Is("To sign"))
            await SignAsync(mail, cancel);
        else if (Is("Compte rendu à approuver"))
            await AnswerAsync(mail, "Approved", [], "approuve le compte rendu", cancel);
        else if (Is("qui intervient"))
            await AnswerAsync(mail, "Named", new()
            {
                ["personName"] = "Jean Petit, responsable qualité",
                ["startsOn"] = world.Today.AddDays(7).ToString("O", CultureInfo.InvariantCulture),
                ["endsOn"] = world.Today.AddDays(60).ToString("O", CultureInfo.InvariantCulture),
            }, "désigne Jean Petit et annonce ses dates", cancel);
        else if (Is("ces dates vous conviennent"))
            await AnswerAsync(mail, "Agreed", [], "est d’accord avec les dates", cancel);
        else if (Is("Temps passé"))
            await AnswerAsync(mail, timeLogged++ == 0 ? "Logged" : "Finished", new() { ["halfDays"] = timeLogged == 1 ? "6" : "4", ["note"] = "Audit et plan d’action" }, "note le temps passé", cancel);
        else if (Is("Où en est"))
            await AnswerAsync(mail, "Reported", new() { ["progress"] = "Le centre d’usinage tourne, la deuxième équipe est formée." }, "rend compte", cancel);
        else if (Is("Enquête emploi"))
            await AnswerAsync(mail, "Answered", new() { ["jobsCreated"] = Is(" 12 ") ? "3" : Is(" 24 ") ? "5" : "7" }, "déclare les emplois créés", cancel);
    }

    /// <summary>The company's head is away and signs only when reminded; everybody else signs at once.</summary>
    private async Task SignAsync(MailboxMessage mail, CancellationToken cancel)
    {
        if (lateSigners.FirstOrDefault(s => mail.To.Contains(s, StringComparison.Ordinal)) is { } late && lateSigners.Remove(late)) return;
        await people.AskCodeAsync(mail, cancel);
    }

    private async Task AnswerAsync(MailboxMessage mail, string outcome, Dictionary<string, string> values, string does, CancellationToken cancel)
    {
        await people.AnswerAsync(mail, outcome, values, cancel);
        world.Say($"réponse     {mail.To} {does}");
    }

    /// <summary>Thirty instalments: most paid the day before they are due, one late, one after formal notice, one in two parts, the last three at once.</summary>
    private async Task RepayAsync(CancellationToken cancel)
    {
        var advance = await world.ReadAsync(db => db.Advances.AsNoTracking().SingleAsync(a => a.Reference == Reference, cancel));
        world.Say($"échéancier  {advance.Installments.Count} échéances de {advance.Installments[0].Amount}, la première le {FrenchText.Short(advance.Installments[0].CollectOn)}");
        var last = advance.Installments.Count;
        foreach (var installment in advance.Installments.Take(last - 3))
        {
            await world.WaitUntilAsync(Noon(PaymentDay(installment)), cancel);
            if (installment.Number == 12)
            {
                await people.RepayAsync(Reference, Money.Euros(400), "VIR-12A", cancel);
                await world.WaitDaysAsync(5, cancel);
                await people.RepayAsync(Reference, installment.Amount - Money.Euros(400), "VIR-12B", cancel);
            }
            else await people.RepayAsync(Reference, installment.Amount, $"VIR-{installment.Number:00}", cancel);
        }

        await world.WaitUntilAsync(Noon(PaymentDay(advance.Installments[last - 3])), cancel);
        await people.RepayAsync(Reference, Money.Sum(advance.Installments.Skip(last - 3).Select(i => i.Amount)), "VIR-SOLDE", cancel);
    }

    /// <summary>A bank books on working days: the one before, where the day chosen is none.</summary>
    private static DateOnly PaymentDay(Installment installment)
    {
        var calendar = new FrenchCalendar();
        var day = installment.CollectOn.AddDays(installment.Number switch { 4 => 10, 7 => 33, _ => -1 });
        while (!calendar.IsWorkingDay(day)) day = day.AddDays(-1);
        return day;
    }

    private static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(11, 0)), TimeSpan.Zero);

    private Task<string> VoteAsync(CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var d = await db.Decisions.AsNoTracking().OrderByDescending(x => x.Id).FirstAsync(cancel);
        return $"{Workflows.Committee.OutcomeNames.French(d.Outcome)} — {new Domain.Committee.VoteCount(d.Present, d.Yes, d.No, d.Abstained).Proof()}";
    });

    private Task<bool> CheckAsync(CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var checks = new Checks();
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Number == Number, cancel);
        var advance = await db.Advances.AsNoTracking().SingleAsync(a => a.Reference == Reference, cancel);
        var lines = await db.JournalEntries.AsNoTracking().SelectMany(e => e.Lines).ToListAsync(cancel);
        var reminders = await db.OutboxMails.AsNoTracking().Where(m => m.Name == "RemindCompanyMail").ToListAsync(cancel);
        checks.That("le projet est clos", project.Stage == ProjectStage.Closed);
        checks.That("le journal est équilibré", Money.Sum(lines.Select(l => l.Debit)) == Money.Sum(lines.Select(l => l.Credit)));
        checks.That("l’avance est entièrement remboursée", advance.IsRepaid && advance.Repaid == Money.Euros(30_000) && advance.Outstanding == Money.Zero);
        checks.That("aucune relance n’est partie deux fois",
            reminders.Where(m => m.State == MailState.Sent).GroupBy(m => (m.UnlessSettledInstallmentId, m.Subject, m.ToAddress)).All(g => g.Count() == 1));
        checks.That("aucune relance n’est partie pour une échéance soldée", reminders.Where(m => m.State == MailState.Sent).All(m =>
            advance.Installments.Single(i => i.Id == m.UnlessSettledInstallmentId) is { SettledOn: { } settled } && DateOnly.FromDateTime(m.SentAt!.Value) <= settled));
        var copies = await db.OutboxMails.AsNoTracking().Where(m => m.Name == "NotifyMail" && m.UnlessSettledInstallmentId != null).ToListAsync(cancel);
        checks.That("la mise en demeure est partie une fois, à l’entreprise, et sa copie à l’opérateur",
            reminders.Count(m => m.Subject.StartsWith("Mise en demeure", StringComparison.Ordinal)) == 1 && copies is [{ ToAddress: DemoTerritory.OperatorEmail }]);
        checks.That("les quatre parties ont signé", (await db.Conventions.AsNoTracking().SingleAsync(cancel)).Signatories is { Count: 4 } all && all.All(s => s.SignedAt is not null));
        var sealedOne = await db.Documents.AsNoTracking().SingleAsync(d => d.Kind == ConventionSeal.Kind, cancel);
        checks.That("la convention est scellée et son cachet est valable", PdfSeal.Check(sealedOne.Content).IsWhole);
        checks.That("les emplois sont comptés à 12, 24 et 36 mois", await db.JobSurveys.CountAsync(s => s.JobsCreated != null, cancel) == 3);
        checks.That("plus aucune tâche n’est ouverte", !await db.PartnerTasks.AnyAsync(t => t.State == PartnerTaskState.Open, cancel));
        checks.That("plus aucune échéance n’attend", !await db.Timers.AnyAsync(cancel));
        checks.That("toutes les procédures sont terminées, sans incident",
            await db.WorkflowInstances.AllAsync(i => i.Status == WorkflowStatus.Finished && i.SubStatus == WorkflowSubStatus.Finished && i.IncidentCount == 0, cancel));
        checks.That("aucun courriel n’a échoué", !await db.OutboxMails.AnyAsync(m => m.State == MailState.Failed || m.State == MailState.Waiting, cancel));
        world.Say($"bilan       {reminders.Count} relances, {await db.OutboxMails.CountAsync(m => m.State == MailState.Sent, cancel)} courriels, {advance.Received.Count} paiements, "
            + $"{(await db.JobSurveys.OrderByDescending(s => s.MonthsAfter).FirstAsync(cancel)).JobsCreated} emplois");
        checks.Conclude();
        return true;
    });
}

/// <summary>What must be true at the end, said line by line; one that is false fails the demonstration.</summary>
internal sealed class Checks
{
    private readonly List<string> broken = [];

    public void That(string sentence, bool isTrue)
    {
        Console.WriteLine($"  {(isTrue ? "✓" : "✗")} {sentence}");
        if (!isTrue) broken.Add(sentence);
    }

    public void Conclude()
    {
        if (broken.Count > 0) throw new InvalidOperationException($"The demonstration found this untrue: {string.Join("; ", broken)}");
    }
}
