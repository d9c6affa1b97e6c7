using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo;

/// <summary>
/// A made-up territory to look around in: partners, people, an approval committee of nine members, endowments received. Every
/// address ends in <c>.example</c>, which no mail server in the world delivers to (RFC 2606).
/// </summary>
public sealed class DemoTerritory(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    public const string Slug = "vallee-de-l-ombrelle";
    public const string OperatorEmail = "operateur@alize.example";
    public const string OperatorName = "Camille Roussel";
    public const string OperatorPassword = "Alize-demo-2026";

    private static readonly (string Name, PartnerKind Kind, string Person, string Title, string Email, ContactRole? Seat, int Endowment)[] Partners =
    [
        ("Verrerie de l’Ombrelle", PartnerKind.Company, "Hélène Marchand", "Directrice du site", "helene.marchand@verrerie.example", ContactRole.CommitteeChair, 60_000),
        ("Papeteries du Val", PartnerKind.Company, "Karim Benali", "Directeur industriel", "karim.benali@papeteries.example", ContactRole.CommitteeMember, 45_000),
        ("Aciéries Beaulieu", PartnerKind.Company, "Sophie Lambert", "Directrice des ressources humaines", "sophie.lambert@acieries.example", ContactRole.CommitteeMember, 45_000),
        ("Ombrelle Énergie", PartnerKind.Company, "Thomas Ferrand", "Responsable développement local", "thomas.ferrand@energie.example", ContactRole.CommitteeMember, 0),
        ("Northwind Logistics", PartnerKind.Company, "Emily Carter", "Site manager", "emily.carter@northwind.example", ContactRole.CommitteeMember, 0),
        ("Laiteries Montbrun", PartnerKind.Company, "Antoine Girard", "Directeur d’usine", "antoine.girard@laiteries.example", ContactRole.CommitteeMember, 0),
        ("Communauté de communes de l’Ombrelle", PartnerKind.LocalAuthority, "Nadia Haddad", "Vice-présidente", "nadia.haddad@cc-ombrelle.example", null, 30_000),
        ("Chambre de commerce du Val", PartnerKind.RelayStructure, "Julien Morel", "Conseiller entreprises", "julien.morel@cci-val.example", ContactRole.CommitteeMember, 0),
        ("Initiative Ombrelle", PartnerKind.LocalBody, "Claire Dubois", "Présidente", "claire.dubois@initiative.example", ContactRole.CommitteeMember, 0),
        ("Ombrelle Développement", PartnerKind.LocalOperator, "Marc Lefèvre", "Directeur", "marc.lefevre@ombrelle-dev.example", ContactRole.CommitteeMember, 0),
        ("Préfecture", PartnerKind.State, "Isabelle Fontaine", "Sous-préfète", "isabelle.fontaine@etat.example", null, 0),
        ("Caisse des dépôts", PartnerKind.Cdc, "Philippe Renard", "Directeur territorial", "philippe.renard@cdc.example", null, 45_000),
        ("ASTREES", PartnerKind.Astrees, "Anne Vidal", "Animatrice du réseau ALIZÉ", "anne.vidal@astrees.example", null, 0),
    ];

    /// <summary>Makes the territory where the database has no programme at all.</summary>
    /// <returns>The programme; null when there was one already, and nothing was touched.</returns>
    public async Task<Programme?> SeedAsync(CancellationToken cancel)
    {
        if (await db.Programmes.AnyAsync(cancel)) return null;
        var today = clock.Today;
        var programme = new Programme
        {
            Id = Guid.CreateVersion7(),
            Slug = Slug,
            Name = "ALIZÉ® Vallée de l’Ombrelle",
            Territory = "Vallée de l’Ombrelle",
            SignedOn = today.AddMonths(-2),
            TargetProjects = 60,
            TargetJobs = 240,
        };
        programme.Agree(new ProgrammeSettings
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programme.Id,
            From = programme.SignedOn,
            BaseRateBasisPoints = 218,
            BaseRateSource = "Taux d’essai du territoire de démonstration : à remplacer par celui que publie la Commission",
        });
        db.Programmes.Add(programme);
        foreach (var partner in Partners) await AddAsync(programme, partner, cancel);
        await db.SaveChangesAsync(cancel);
        return programme;
    }

    private async Task AddAsync(
        Programme programme, (string Name, PartnerKind Kind, string Person, string Title, string Email, ContactRole? Seat, int Endowment) row, CancellationToken cancel)
    {
        var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = programme.Id, Kind = row.Kind, Name = row.Name };
        db.Partners.Add(partner);
        AddContact(programme, partner, ContactRole.Representative, row.Person, row.Title, row.Email);
        if (row.Seat is { } seat) AddContact(programme, partner, seat, row.Person, row.Title, row.Email);
        if (row.Kind == PartnerKind.LocalOperator)
            AddContact(programme, partner, ContactRole.OperatorStaff, OperatorName, "Chargée de mission", OperatorEmail);
        if (row.Endowment == 0) return;

        var amount = Money.Euros(row.Endowment);
        db.Pledges.Add(new Pledge
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programme.Id,
            PartnerId = partner.Id,
            Year = programme.SignedOn.Year,
            Account = FundAccount.Advances,
            Amount = amount,
            HalfDays = row.Kind == PartnerKind.Company ? 60 : 0,
        });
        var (day, year) = (programme.SignedOn, programme.SignedOn.Year);
        var annex = new EntrySource(SourceKind.Document, null, $"Convention du {FrenchText.Date(day)}, annexe 1");
        await ledger.BookAsync(
            programme.Id, Movements.Pledged($"pledge:{partner.Id:N}:{year}", FundAccount.Advances, partner.Id, partner.Name, amount, year, day, annex), OperatorName, cancel);
        await ledger.BookAsync(
            programme.Id,
            Movements.Called(
                $"call:{partner.Id:N}:{year}", FundAccount.Advances, partner.Id, partner.Name, amount, day, new(SourceKind.Document, null, $"Appel de fonds {year}, {partner.Name}")),
            OperatorName, cancel);
        await ledger.BookAsync(
            programme.Id,
            Movements.Received(
                $"endowment:{partner.Id:N}:{year}", FundAccount.Advances, partner.Id, partner.Name, amount, amount, Money.Zero, day,
                new(SourceKind.BankLine, null, $"Virement de {partner.Name}")),
            OperatorName, cancel);
        if (row.Kind == PartnerKind.Company)
            await ledger.BookAsync(
                programme.Id,
                Movements.PledgedDays($"pledge-days:{partner.Id:N}:{year}", partner.Id, partner.Name, 60, Domain.Aid.CompetenceValue.Of(60, programme.SettingsOn(day).DayRate), year, day, annex),
                OperatorName, cancel);
    }

    private void AddContact(Programme programme, Partner partner, ContactRole role, string name, string title, string email) =>
        db.Contacts.Add(new Contact
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programme.Id,
            PartnerId = partner.Id,
            Role = role,
            FullName = name,
            JobTitle = title,
            Email = email,
            Language = name == "Emily Carter" ? "en" : "fr",
            From = programme.SignedOn,
        });
}
