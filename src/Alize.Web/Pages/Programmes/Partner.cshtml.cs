using System.Globalization;
using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Programmes;

/// <summary>One partner: who acts for it and in which role, since when and until when, and what it promised.</summary>
public sealed class PartnerModel(AlizeDb db, PartnerPeople people) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Domain.Programmes.Partner Partner { get; private set; } = null!;

    public IReadOnlyList<Contact> Current { get; private set; } = [];

    public IReadOnlyList<Contact> Past { get; private set; } = [];

    public IReadOnlyList<IGrouping<int, Pledge>> Pledges { get; private set; } = [];

    public IReadOnlyList<ContactRole> RolesOffered => Partner.Kind switch
    {
        PartnerKind.Company => [ContactRole.Representative, ContactRole.CommitteeMember, ContactRole.CommitteeChair],
        PartnerKind.LocalOperator => [ContactRole.Representative, ContactRole.CommitteeMember, ContactRole.OperatorStaff],
        _ => [ContactRole.Representative, ContactRole.CommitteeMember],
    };

    // As typed.
    public PersonForm Form { get; private set; } = new("", "", "", "fr");

    public IReadOnlyList<ContactRole> Roles { get; private set; } = [ContactRole.Representative];

    public string From { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        From = Clock.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        string? fullName, string? jobTitle, string? email, string? language, ContactRole[]? roles, string? from, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Form = new(fullName ?? "", jobTitle ?? "", email ?? "", language ?? "fr");
        (Roles, From) = ([.. (roles ?? []).Where(RolesOffered.Contains)], from ?? "");
        var problems = await people.AddAsync(Partner, Form, Roles, Days.Read(From), By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say($"{Form.FullName.Trim()} agit désormais pour {Partner.Name}.");
        return Redirect($"{Root}/programme/partners/{Id}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await db.Partners.AsNoTracking().SingleOrDefaultAsync(p => p.Id == Id && p.ProgrammeId == ProgrammeId, cancel) is not { } partner) return false;
        Partner = partner;
        var today = Clock.Today;
        var contacts = await db.Contacts.AsNoTracking().Where(c => c.PartnerId == Id).ToListAsync(cancel);
        Current = [.. contacts.Where(c => c.Until is null || c.Until >= today).OrderBy(c => c.FullName, StringComparer.Ordinal).ThenBy(c => c.Role)];
        Past = [.. contacts.Where(c => c.Until < today).OrderByDescending(c => c.Until)];
        Pledges = [.. (await db.Pledges.AsNoTracking().Where(p => p.PartnerId == Id).ToListAsync(cancel)).GroupBy(p => p.Year).OrderBy(g => g.Key)];
        return true;
    }
}

/// <summary>Reads a day as a browser's date field sends it, or as people write it.</summary>
internal static class Days
{
    public static DateOnly? Read(string? typed) =>
        DateOnly.TryParseExact(typed?.Trim(), ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
