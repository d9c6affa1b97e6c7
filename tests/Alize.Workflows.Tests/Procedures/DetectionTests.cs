using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

public sealed class DetectionTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_unknown_partner_detects_nothing()
    {
        var (id, problems) = await DetectAsync(territory.Programme.Id, Guid.NewGuid(), Eligible);

        Assert.Null(id);
        Assert.Contains("n’est pas connu de ce dispositif", Assert.Single(problems).Sentence, StringComparison.Ordinal);
        await NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_SIRET_with_a_wrong_key_is_refused_with_a_sentence()
    {
        var (id, problems) = await DetectAsync(territory.Programme.Id, await PartnerAsync(), Eligible with { Siret = "73282932000079" });

        Assert.Null(id);
        Assert.Equal(nameof(DetectionForm.Siret), Assert.Single(problems).Field);
        await NothingIsWrittenAsync();
    }

    [Fact]
    public async Task Two_projects_detected_at_once_get_two_numbers()
    {
        var partner = await PartnerAsync();
        string[] sirets = ["41234567000019", "53287643000010", "82145376800011"];

        var results = await Task.WhenAll(sirets.Select(siret => Task.Run(() => DetectAsync(territory.Programme.Id, partner, Eligible with { Siret = siret }), Cancel)));

        Assert.All(results, r => Assert.Empty(r.Problems));
        Assert.Equal(["2026-001", "2026-002", "2026-003"], await territory.ReadAsync(db => db.Projects.Select(p => p.Number).Order().ToListAsync(Cancel)));
    }

    [Fact]
    public async Task One_company_detected_by_two_at_once_has_one_project()
    {
        var partner = await PartnerAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => DetectAsync(territory.Programme.Id, partner, Eligible), Cancel)));

        Assert.Contains("a déjà un projet en cours", Assert.Single(Assert.Single(results, r => r.Id is null).Problems).Sentence, StringComparison.Ordinal);
        Assert.Equal(1, await territory.ReadAsync(db => db.Projects.CountAsync(Cancel)));
        Assert.Equal(1, await territory.ReadAsync(db => db.Companies.CountAsync(Cancel)));
    }

    [Fact]
    public async Task The_link_is_sent_to_a_partners_address_however_its_capitals_are_typed()
    {
        foreach (var email in new[] { "Julien.Morel@CCI-Val.example", "personne@nulle-part.example" })
            await territory.DoAsync<Detection, bool>(async d =>
            {
                await d.SendLinkAsync(territory.Programme.Id, email, Cancel);
                return true;
            });

        Assert.Equal("julien.morel@cci-val.example", Assert.Single(await territory.MailsAsync("DetectionLinkMail")).ToAddress);
    }

    [Fact]
    public async Task Two_programmes_on_one_server_do_not_see_each_other()
    {
        var neighbour = await NeighbourAsync();
        var project = await territory.ReadyForCommitteeAsync();

        var (id, problems) = await DetectAsync(neighbour, await PartnerAsync(), Eligible);
        Assert.Null(id);
        Assert.Single(problems);

        var (session, unknown) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            neighbour, CommitteeKind.Approval, SessionPlan.At(territory.Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle", [project]), "Camille Roussel", Cancel));
        Assert.Null(session);
        Assert.Contains("n’existe pas dans ce dispositif", Assert.Single(unknown).Sentence, StringComparison.Ordinal);

        var operators = await territory.DoAsync<Addressees, IReadOnlyList<Contact>>(a => a.FindAsync("operator,astrees", neighbour, null, Cancel));
        Assert.All(operators, o => Assert.Equal(neighbour, o.ProgrammeId));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await territory.DoAsync<Addressees, Contact>(
            async a => await a.FirstAsync($"partner:{await PartnerAsync()}", neighbour, null, Cancel)));
        Assert.Equal(Money.Zero, await territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(neighbour, FundAccount.Advances, LedgerAccount.Bank, Cancel)));
    }

    private async Task<Guid> NeighbourAsync()
    {
        var id = Guid.CreateVersion7();
        await territory.ChangeAsync(db =>
        {
            var programme = new Programme { Id = id, Slug = "voisin", Name = "ALIZÉ® Voisin", Territory = "Voisin", SignedOn = new(2026, 1, 1) };
            programme.Agree(new ProgrammeSettings { Id = Guid.CreateVersion7(), ProgrammeId = id, From = programme.SignedOn });
            db.Programmes.Add(programme);
            foreach (var (kind, role, email) in new[] { (PartnerKind.Astrees, ContactRole.Representative, "anne.vidal@astrees.example"), (PartnerKind.LocalOperator, ContactRole.OperatorStaff, "voisin@alize.example") })
            {
                var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = id, Kind = kind, Name = $"{kind}" };
                db.Partners.Add(partner);
                db.Contacts.Add(new Contact { Id = Guid.CreateVersion7(), ProgrammeId = id, PartnerId = partner.Id, Role = role, FullName = email, Email = email, From = programme.SignedOn });
            }

            return Task.CompletedTask;
        });
        return id;
    }

    private Task<Guid> PartnerAsync() => territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Chambre de commerce du Val").Select(p => p.Id).SingleAsync(Cancel));

    private Task<(Guid? Id, IReadOnlyList<Problem> Problems)> DetectAsync(Guid programme, Guid partner, DetectionForm form) =>
        territory.DoAsync<Detection, (Guid?, IReadOnlyList<Problem>)>(d => d.DetectAsync(programme, partner, form, "Julien Morel", Cancel));

    private async Task NothingIsWrittenAsync()
    {
        Assert.Equal(0, await territory.ReadAsync(db => db.Projects.CountAsync(Cancel)));
        Assert.Equal(0, await territory.ReadAsync(db => db.Companies.CountAsync(Cancel)));
        Assert.Empty(await territory.MailsAsync());
    }
}
