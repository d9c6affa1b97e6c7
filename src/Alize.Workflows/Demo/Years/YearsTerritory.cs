using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>The twelve partners of the story, and what each promises for each of the three years (Annexe 1).</summary>
public static class YearsTerritory
{
    public const string Treasurer = "Camille Roussel";
    public const string Director = "Marc Lefèvre";

    /// <summary>Banks print these as examples: no money can reach them.</summary>
    public const string AdvancesIban = "FR1420041010050500013M02606";

    public const string CostsIban = "FR7630006000011234567890189";

    private static readonly (string Name, PartnerKind Kind, string Person, string Email, ContactRole? Seat, int Advances, int Costs, int HalfDays)[] Partners =
    [
        ("Verrerie de l’Ombrelle", PartnerKind.Company, "Hélène Marchand", "helene.marchand@verrerie.example", ContactRole.CommitteeChair, 70_000, 0, 80),
        ("Papeteries du Val", PartnerKind.Company, "Karim Benali", "karim.benali@papeteries.example", ContactRole.CommitteeMember, 60_000, 0, 60),
        ("Aciéries Beaulieu", PartnerKind.Company, "Sophie Lambert", "sophie.lambert@acieries.example", ContactRole.CommitteeMember, 50_000, 0, 60),
        ("Ombrelle Énergie", PartnerKind.Company, "Thomas Ferrand", "thomas.ferrand@energie.example", ContactRole.CommitteeMember, 40_000, 8_000, 40),
        ("Northwind Logistics", PartnerKind.Company, "Emily Carter", "emily.carter@northwind.example", ContactRole.CommitteeMember, 30_000, 0, 40),
        ("Laiteries Montbrun", PartnerKind.Company, "Antoine Girard", "antoine.girard@laiteries.example", ContactRole.CommitteeMember, 20_000, 0, 20),
        ("Communauté de communes de l’Ombrelle", PartnerKind.LocalAuthority, "Nadia Haddad", "nadia.haddad@cc-ombrelle.example", null, 30_000, 12_000, 0),
        ("Chambre de commerce du Val", PartnerKind.RelayStructure, "Julien Morel", "julien.morel@cci-val.example", ContactRole.CommitteeMember, 0, 0, 0),
        ("Ombrelle Développement", PartnerKind.LocalOperator, Director, "marc.lefevre@ombrelle-dev.example", ContactRole.CommitteeMember, 0, 0, 0),
        ("Préfecture", PartnerKind.State, "Isabelle Fontaine", "isabelle.fontaine@etat.example", null, 0, 0, 0),
        ("ASTREES", PartnerKind.Astrees, "Anne Vidal", "anne.vidal@astrees.example", null, 0, 0, 0),

        // Last: what the others promise makes its ceiling (R10); 75,000 is 20 % of 375,000 exactly.
        ("Caisse des dépôts", PartnerKind.Cdc, "Philippe Renard", "philippe.renard@cdc.example", null, 75_000, 0, 0),
    ];

    internal static IReadOnlyList<string> Detectors { get; } =
        ["Chambre de commerce du Val", "Papeteries du Val", "Communauté de communes de l’Ombrelle", "Ombrelle Énergie"];

    internal static IReadOnlyList<string> Lenders { get; } =
        ["Verrerie de l’Ombrelle", "Papeteries du Val", "Aciéries Beaulieu", "Ombrelle Énergie", "Northwind Logistics"];

    /// <summary>Makes the programme on the day its convention is signed.</summary>
    /// <returns>Its id.</returns>
    public static async Task<Guid> FoundAsync(YearsWorld world, YearsPlan plan, CancellationToken cancel)
    {
        var id = Guid.CreateVersion7();
        await world.ReadAsync(async db =>
        {
            if (await db.Programmes.AnyAsync(cancel)) throw new InvalidOperationException("The story of a programme begins in an empty database; this one has a programme.");
            db.Programmes.Add(Programme(id, plan));
            foreach (var partner in Partners) Add(db, id, plan.SignedOn, partner);
            return await db.SaveChangesAsync(cancel);
        });
        foreach (var (account, iban) in new[] { (FundAccount.Advances, AdvancesIban), (FundAccount.OperatingCosts, CostsIban) })
            await world.DoAsync<BankAccounts>(async a => YearsWorld.Accept(await a.EnterAsync(id, account, "Ombrelle Développement", iban, "", Treasurer, cancel)));
        var ids = await world.ReadAsync(db => db.Partners.ToDictionaryAsync(p => p.Name, p => p.Id, cancel));
        foreach (var year in Enumerable.Range(plan.SignedOn.Year, 3))
        {
            foreach (var partner in Partners)
            {
                await PledgeAsync(world, id, ids[partner.Name], year, FundAccount.Advances, partner.Advances, partner.HalfDays, cancel);
                await PledgeAsync(world, id, ids[partner.Name], year, FundAccount.OperatingCosts, partner.Costs, 0, cancel);
            }
        }

        return id;
    }

    private static Task PledgeAsync(YearsWorld world, Guid programme, Guid partner, int year, FundAccount account, int euros, int halfDays, CancellationToken cancel) =>
        euros + halfDays == 0 ? Task.CompletedTask
            : world.DoAsync<Endowments>(async e => YearsWorld.Accept(await e.PledgeAsync(programme, partner, year, account, Money.Euros(euros), halfDays, Treasurer, cancel)));

    private static Programme Programme(Guid id, YearsPlan plan)
    {
        var programme = new Programme
        {
            Id = id,
            Slug = DemoTerritory.Slug,
            Name = "ALIZÉ® Vallée de l’Ombrelle",
            Territory = "Vallée de l’Ombrelle",
            SignedOn = plan.SignedOn,
            Communes = ["La Combe-aux-Aulnes", "Le Pré-Haut", "Saint-Aubin", "Val-Serein"],
            TargetProjects = plan.Projects.Count,
            TargetJobs = 4 * plan.Projects.Count,
        };

        // A base rate holds for a year at most; from the second year on a day is worth more.
        foreach (var (year, at) in Enumerable.Range(plan.SignedOn.Year, 5).Select((year, at) => (year, at)))
            programme.Agree(new ProgrammeSettings
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = id,
                From = at == 0 ? plan.SignedOn : new DateOnly(year, 1, 1),
                DayRate = Money.Euros(at == 0 ? 700 : 721),
                BaseRateBasisPoints = 256 + (17 * at),
                BaseRateSource = string.Create(CultureInfo.InvariantCulture, $"Taux d’essai {year} : à remplacer par celui que publie la Commission"),
            });
        return programme;
    }

    private static void Add(
        AlizeDb db, Guid programme, DateOnly from, (string Name, PartnerKind Kind, string Person, string Email, ContactRole? Seat, int Advances, int Costs, int HalfDays) row)
    {
        var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = programme, Kind = row.Kind, Name = row.Name };
        db.Partners.Add(partner);
        AddContact(ContactRole.Representative, row.Person, row.Email);
        if (row.Seat is { } seat) AddContact(seat, row.Person, row.Email);
        if (row.Kind == PartnerKind.LocalOperator) AddContact(ContactRole.OperatorStaff, Treasurer, DemoTerritory.OperatorEmail);

        void AddContact(ContactRole role, string name, string email) => db.Contacts.Add(new Contact
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programme,
            PartnerId = partner.Id,
            Role = role,
            FullName = name,
            Email = email,
            Language = name == "Emily Carter" ? "en" : "fr",
            From = from,
        });
    }
}
