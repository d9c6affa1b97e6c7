using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Programmes;

public sealed class PartnerPeopleTests : IAsyncLifetime
{
    private static readonly PersonForm Successor = new("Inès Caron", "Chargée de mission", "ines.caron@ombrelle-dev.example", "fr");

    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact, Trait("Rule", "R3")]
    public async Task The_chair_represents_a_partner_company()
    {
        var problems = await AddAsync("Préfecture", Successor, ContactRole.CommitteeChair);

        Assert.Contains(problems, p => p.Field == "roles" && p.Sentence.Contains("Inès Caron", StringComparison.Ordinal));
        Assert.Equal(0, await territory.ReadAsync(db => db.Contacts.CountAsync(c => c.FullName == "Inès Caron", Cancel)));
    }

    [Fact]
    public async Task A_second_chair_waits_until_the_first_ones_term_ends() =>
        Assert.Contains("Hélène Marchand préside", Assert.Single(await AddAsync("Papeteries du Val", Successor, ContactRole.CommitteeChair)).Sentence, StringComparison.Ordinal);

    [Fact]
    public async Task Two_persons_never_share_an_address()
    {
        var problems = await AddAsync("Papeteries du Val", Successor with { Email = "Karim.Benali@papeteries.example" }, ContactRole.Representative);

        Assert.Contains("celle de Karim Benali", Assert.Single(problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_corrected_in_one_role_is_corrected_in_all_and_keeps_one_address()
    {
        var karim = await ContactAsync("Karim Benali");

        Assert.Empty(await territory.DoAsync<PartnerPeople, IReadOnlyList<Problem>>(p => p.CorrectAsync(
            karim, new("Karim Benali", "Directeur général", "k.benali@papeteries.example", "fr"), "Camille Roussel", Cancel)));

        var rows = await territory.ReadAsync(db => db.Contacts.AsNoTracking().Where(c => c.FullName == "Karim Benali").ToListAsync(Cancel));
        Assert.Equal(2, rows.Count);
        Assert.All(rows, r => Assert.Equal("k.benali@papeteries.example", r.Email));
        Assert.Contains("karim.benali@papeteries.example devient k.benali@papeteries.example", Assert.Single(await territory.TrailAsync("contact")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_sent_to_a_wrong_address_no_longer_opens_once_the_address_is_corrected()
    {
        var task = (await territory.OpenTasksAsync(await territory.DetectAsync(Eligible))).Single();
        var camille = await ContactAsync("Camille Roussel");
        Assert.Equal(1, await territory.ReadAsync(db => db.TaskLinks.CountAsync(l => l.TaskId == task.Id, Cancel)));

        await territory.DoAsync<PartnerPeople, IReadOnlyList<Problem>>(p => p.CorrectAsync(
            camille, new("Camille Roussel", "Chargée de mission", "c.roussel@alize.example", "fr"), "Marc Lefèvre", Cancel));

        var now = territory.Time.GetUtcNow().UtcDateTime;
        Assert.Equal(0, await territory.ReadAsync(db => db.TaskLinks.CountAsync(l => l.TaskId == task.Id && l.ExpiresAt > now, Cancel)));
        Assert.Contains(await territory.MailsAsync(nameof(AskPartnerMail)), m => m.TaskId == task.Id && m.ToAddress == "c.roussel@alize.example");
    }

    [Fact]
    public async Task A_role_that_ends_hands_its_open_task_to_a_successor_who_is_asked()
    {
        var task = (await territory.OpenTasksAsync(await territory.DetectAsync(Eligible))).Single();
        Assert.Empty(await AddAsync("Ombrelle Développement", Successor, ContactRole.OperatorStaff));
        var (camille, ines) = (await ContactAsync("Camille Roussel"), await ContactAsync("Inès Caron"));

        Assert.Empty(await EndAsync(camille, new(2026, 3, 2), new() { [task.Id] = ines.Id }));

        Assert.Equal(ines.Id, (await territory.TaskAsync(task.Id)).AssigneeContactId);
        Assert.Contains(await territory.MailsAsync(nameof(AskPartnerMail)), m => m.TaskId == task.Id && m.ToName == "Inès Caron");
        Assert.StartsWith("Confié à Inès Caron au lieu de Camille Roussel", Assert.Single(await territory.TrailAsync("task-reassigned")), StringComparison.Ordinal);
        await territory.AnswerAsync(await territory.TaskAsync(task.Id), "ToCommittee", ("schemesConsidered", "Aucun ne convient."));
    }

    [Fact]
    public async Task A_task_handed_to_a_stranger_is_refused_and_the_role_goes_on()
    {
        var task = (await territory.OpenTasksAsync(await territory.DetectAsync(Eligible))).Single();
        var (camille, karim) = (await ContactAsync("Camille Roussel"), await ContactAsync("Karim Benali"));

        Assert.Single(await EndAsync(camille, new(2026, 3, 2), new() { [task.Id] = karim.Id }));

        Assert.Null((await ContactAsync("Camille Roussel")).Until);
        Assert.Equal(camille.Id, (await territory.TaskAsync(task.Id)).AssigneeContactId);
        Assert.Empty(await territory.TrailAsync("contact"));
    }

    [Fact]
    public async Task A_role_does_not_end_before_it_began() =>
        Assert.Contains("ne peut pas finir", Assert.Single(await EndAsync(await ContactAsync("Karim Benali"), new(2025, 1, 1), [])).Sentence, StringComparison.Ordinal);

    [Fact]
    public async Task A_signature_is_not_handed_over_with_a_role()
    {
        var project = await territory.ApprovedAsync();
        var signature = (await territory.OpenTasksAsync(project)).First(t => t.Kind == SignatureForm.Kind);
        var to = await ContactAsync("Karim Benali");

        var problem = await territory.DoAsync<PartnerTasks, Problem?>(t => t.ReassignAsync(signature, to, "Camille Roussel", Cancel));

        Assert.Contains("est une signature", problem!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_person_in_two_roles_gets_one_mail()
    {
        // Marc Lefèvre directs the operator and sits on the committee; Hélène Marchand represents her company and chairs.
        var people = await territory.DoAsync<Addressees, IReadOnlyList<Contact>>(a => a.FindAsync("members,chair,operator,astrees", territory.Programme.Id, null, Cancel));

        Assert.Equal(people.Count, people.DistinctBy(p => p.Email.ToUpperInvariant()).Count());
        Assert.Single(people, p => p.FullName == "Hélène Marchand");

        await territory.OpenSessionAsync(await territory.ReadyForCommitteeAsync());
        var invitations = (await territory.MailsAsync()).Where(m => m.TaskId == null && m.ProjectId == null).GroupBy(m => (m.ToAddress, m.Subject));
        Assert.NotEmpty(invitations);
        Assert.All(invitations, mails => Assert.Single(mails));
    }

    [Fact]
    public async Task Who_is_late_is_not_told_of_it_as_if_he_were_another()
    {
        var task = (await territory.OpenTasksAsync(await territory.DetectAsync(Eligible))).Single();
        var (camille, marc) = (await ContactAsync("Camille Roussel"), await ContactAsync("Marc Lefèvre"));

        await territory.DoAsync<PartnerTasks, int>(async t =>
        {
            await t.EscalateAsync(task, [camille, marc], Cancel);
            return 0;
        });
        await territory.DoAsync<Alize.Data.AlizeDb, int>(db => db.SaveChangesAsync(Cancel));

        Assert.DoesNotContain(await territory.MailsAsync(nameof(EscalateTaskMail)), m => m.ToName == "Camille Roussel");
    }

    [Fact]
    public async Task Settings_are_agreed_from_a_day_on_and_never_rewritten()
    {
        var form = new SettingsForm(new(2026, 6, 1), "750", "30", "20", true, true, false, CdcCountsOwn: false);
        Assert.Empty(await AgreeAsync(form));

        Assert.Contains("déjà convenues", Assert.Single(await AgreeAsync(form with { DayRate = "800" })).Sentence, StringComparison.Ordinal);
        Assert.Contains("Ce jour est passé", Assert.Single(await AgreeAsync(form with { From = new(2026, 3, 1) })).Sentence, StringComparison.Ordinal);
        Assert.Contains("sont celles qui s’appliquent déjà", Assert.Single(await AgreeAsync(form with { From = new(2026, 7, 1) })).Sentence, StringComparison.Ordinal);
        var programme = await territory.ReadAsync(db => db.Programmes.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal(700_00, programme.SettingsOn(new(2026, 5, 31)).DayRate.Cents);
        Assert.Equal((750_00, 30, 218), (programme.SettingsOn(new(2026, 6, 1)).DayRate.Cents, programme.SettingsOn(new(2026, 6, 1)).MinimumOwnSharePercent, programme.SettingsOn(new(2026, 6, 1)).BaseRateBasisPoints));
        Assert.Equal((true, false), (programme.SettingsOn(new(2026, 5, 31)).CdcCountsOwn, programme.SettingsOn(new(2026, 6, 1)).CdcCountsOwn));
        Assert.Contains("valeur d’une journée de compétences, 750", Assert.Single(await territory.TrailAsync("programme")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_communes_of_the_territory_are_kept_and_a_change_is_in_the_trail()
    {
        await territory.DoAsync<ProgrammeAgreement, int>(async a =>
        {
            await a.DescribeTerritoryAsync(territory.Programme.Id, "Val-Serein\nSaint-Aubin", "Camille Roussel", Cancel);
            await a.DescribeTerritoryAsync(territory.Programme.Id, "Saint-Aubin\r\nVal-Serein\r\n", "Camille Roussel", Cancel);
            return 0;
        });

        var programme = await territory.ReadAsync(db => db.Programmes.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal(["Saint-Aubin", "Val-Serein"], programme.Communes);
        Assert.Contains("2 communes, désormais sans", Assert.Single(await territory.TrailAsync("programme")), StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Problem>> AgreeAsync(SettingsForm form) =>
        territory.DoAsync<ProgrammeAgreement, IReadOnlyList<Problem>>(a => a.AgreeAsync(territory.Programme.Id, form, "Camille Roussel", Cancel));

    private Task<Contact> ContactAsync(string name) => territory.ReadAsync(db => db.Contacts.AsNoTracking().Where(c => c.FullName == name).OrderBy(c => c.Id).FirstAsync(Cancel));

    private async Task<IReadOnlyList<Problem>> AddAsync(string partner, PersonForm form, params ContactRole[] roles)
    {
        var row = await territory.ReadAsync(db => db.Partners.AsNoTracking().SingleAsync(p => p.Name == partner, Cancel));
        return await territory.DoAsync<PartnerPeople, IReadOnlyList<Problem>>(p => p.AddAsync(row, form, roles, new(2026, 3, 2), "Camille Roussel", Cancel));
    }

    private Task<IReadOnlyList<Problem>> EndAsync(Contact contact, DateOnly until, Dictionary<Guid, Guid> successors) =>
        territory.DoAsync<PartnerPeople, IReadOnlyList<Problem>>(p => p.EndAsync(contact, until, successors, "Marc Lefèvre", Cancel));
}
