using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Programmes;

/// <summary>One person in all roles: corrected once for all of them, away in all of them.</summary>
public sealed class PersonModel(AlizeDb db, PartnerPeople people, Absences absences) : ProgrammePage
{
    private IReadOnlyList<Contact> everybody = [];

    /// <summary>Any of the person's contact rows.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Contact Person { get; private set; } = null!;

    public string? PartnerName { get; private set; }

    public IReadOnlyList<Contact> Rows { get; private set; } = [];

    public IReadOnlyList<Substitution> Absences { get; private set; } = [];

    public IReadOnlyList<SelectListItem> DelegateItems { get; private set; } = [];

    /// <summary>Which form was sent: it stays open with what was typed.</summary>
    public string Tried { get; private set; } = "";

    public PersonForm Form { get; private set; } = new("", "", "", "fr");

    public string Delegate { get; private set; } = "";

    public string From { get; private set; } = "";

    public string Until { get; private set; } = "";

    public string NameOf(Guid contactId) => everybody.First(c => c.Id == contactId).FullName;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostCorrectAsync(string? fullName, string? jobTitle, string? email, string? language, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Tried, Form) = ("person", new(fullName ?? "", jobTitle ?? "", email ?? "", language ?? "fr"));
        var problems = await people.CorrectAsync(Person, Form, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("Les coordonnées sont corrigées.");
        return Redirect($"{Root}/programme/contacts/{Id}");
    }

    public async Task<IActionResult> OnPostAbsenceAsync(string? @delegate, string? from, string? until, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Tried, Delegate, From, Until) = ("absence", @delegate ?? "", from ?? "", until ?? "");
        var problems = await absences.ArrangeAsync(
            ProgrammeId, Id, Guid.TryParse(Delegate, out var delegateId) ? delegateId : Guid.Empty, Days.Read(From), Days.Read(Until), By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say($"C’est prévu : {NameOf(delegateId)} répond pour {Person.FullName} pendant son absence.");
        return Redirect($"{Root}/programme/contacts/{Id}");
    }

    public async Task<IActionResult> OnPostEndAbsenceAsync(Guid substitution, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        await absences.EndAsync(ProgrammeId, substitution, By, cancel);
        Say("La suppléance a pris fin.");
        return Redirect($"{Root}/programme/contacts/{Id}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        everybody = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        if (everybody.FirstOrDefault(c => c.Id == Id) is not { } person) return false;
        Person = person;
        Form = new(person.FullName, person.JobTitle, person.Email, person.Language);
        PartnerName = await db.Partners.Where(p => p.Id == person.PartnerId).Select(p => p.Name).SingleOrDefaultAsync(cancel);
        Rows = [.. everybody.Where(c => Delegates.IsSame(c, person)).OrderByDescending(c => c.Until is null).ThenBy(c => c.Role)];
        var ids = Rows.Select(r => r.Id).ToList();
        Absences = [.. (await db.Substitutions.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId && ids.Contains(s.AbsentContactId)).ToListAsync(cancel))
            .Where(s => s.From <= s.Until).OrderByDescending(s => s.From)];
        var today = Clock.Today;
        DelegateItems = [.. everybody.Where(c => c.PartnerId != null && c.IsActiveOn(today) && !Delegates.IsSame(c, person))
            .OrderByDescending(c => c.PartnerId == person.PartnerId).ThenBy(c => c.FullName, StringComparer.Ordinal).DistinctBy(c => c.Email.ToUpperInvariant())
            .Select(c => new SelectListItem(c.PartnerId == person.PartnerId ? $"{c.FullName} ({PartnerName})" : c.FullName, c.Id.ToString()))];
        return true;
    }
}
