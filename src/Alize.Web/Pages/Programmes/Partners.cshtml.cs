using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Programmes;

/// <summary>A person with the roles held today.</summary>
public sealed record PersonLine(Guid Id, string FullName, string JobTitle, IReadOnlyList<ContactRole> Roles);

/// <summary>A partner with those who act for it today.</summary>
public sealed record PartnerLine(Guid Id, PartnerKind Kind, string Name, IReadOnlyList<PersonLine> People);

/// <summary>Somebody away now or soon, and who acts.</summary>
public sealed record AwayLine(Guid AbsentId, string Absent, string Delegate, DateOnly From, DateOnly Until, bool IsNow);

/// <summary>The programme's partners by kind, each with the people who act for it.</summary>
public sealed class PartnersModel(AlizeDb db, PartnerPeople people) : ProgrammePage
{
    public IReadOnlyList<IGrouping<PartnerKind, PartnerLine>> Kinds { get; private set; } = [];

    public IReadOnlyList<AwayLine> Away { get; private set; } = [];

    // As typed.
    public string Name { get; private set; } = "";

    public string Kind { get; private set; } = "";

    public IReadOnlyList<SelectListItem> KindItems { get; } =
        [.. Enum.GetValues<PartnerKind>().Select(k => new SelectListItem(StatusText.Of(k), k.ToString()))];

    public async Task OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(string? name, string? kind, CancellationToken cancel)
    {
        (Name, Kind) = (name ?? "", kind ?? "");
        var (id, problems) = await people.AddPartnerAsync(
            ProgrammeId, Enum.TryParse<PartnerKind>(Kind, out var chosen) && Enum.IsDefined(chosen) ? chosen : null, Name, By, cancel);
        if (problems.Count > 0)
        {
            await LoadAsync(cancel);
            return Refused(problems);
        }

        Say($"{Name.Trim()} est ajouté. Indiquez maintenant qui agit pour ce partenaire.");
        return Redirect($"{Root}/programme/partners/{id}");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var today = Clock.Today;
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        var contacts = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && c.PartnerId != null).ToListAsync(cancel);
        var acting = contacts.Where(c => c.IsActiveOn(today)).ToLookup(c => c.PartnerId!.Value);
        Kinds = [.. partners.OrderBy(p => p.Kind).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .Select(p => new PartnerLine(p.Id, p.Kind, p.Name, [.. acting[p.Id].GroupBy(c => c.Email.ToUpperInvariant())
                .Select(g => new PersonLine(g.First().Id, g.First().FullName, g.First().JobTitle, [.. g.Select(c => c.Role).Order()]))
                .OrderBy(l => l.FullName, StringComparer.Ordinal)]))
            .GroupBy(p => p.Kind)];
        var names = contacts.ToDictionary(c => c.Id, c => c.FullName);
        var away = await db.Substitutions.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId && s.Until >= today).OrderBy(s => s.From).ToListAsync(cancel);
        Away = [.. away.Where(s => s.From <= s.Until)
            .Select(s => new AwayLine(s.AbsentContactId, names.GetValueOrDefault(s.AbsentContactId, "–"), names.GetValueOrDefault(s.DelegateContactId, "–"), s.From, s.Until, s.From <= today))];
    }
}
