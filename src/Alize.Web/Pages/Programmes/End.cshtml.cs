using System.Globalization;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Programmes;

/// <summary>Ends a role: says what is still awaited of the person in it, and offers to hand it over.</summary>
public sealed class EndModel(AlizeDb db, PartnerPeople people) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Contact Person { get; private set; } = null!;

    public IReadOnlyList<PartnerTask> OpenTasks { get; private set; } = [];

    public IReadOnlyList<Contact> Successors { get; private set; } = [];

    /// <summary>Who takes which task, as chosen.</summary>
    public IReadOnlyDictionary<Guid, Guid> Chosen { get; private set; } = new Dictionary<Guid, Guid>();

    public string Until { get; private set; } = "";

    public bool LeavesNobody { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (!CanWrite) return Redirect($"{Root}/programme/contacts/{Id}");
        Until = (Person.Until ?? Clock.Today).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (Successors.Count == 1)
            Chosen = OpenTasks.ToDictionary(t => t.Id, _ => Successors[0].Id);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? until, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Until = until ?? "";
        Chosen = OpenTasks.Select(t => (t.Id, To: Request.Form[$"to-{t.Id}"].ToString())).Where(t => t.To.Length > 0)
            .ToDictionary(t => t.Id, t => Guid.TryParse(t.To, out var to) ? to : Guid.Empty);
        var problems = await people.EndAsync(Person, Days.Read(Until), Chosen, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        var left = OpenTasks.Count - Chosen.Count;
        Say($"Le rôle de {Person.FullName} prend fin le {FrenchText.Date(Days.Read(Until)!.Value)}."
            + (Chosen.Count > 0 ? $" {FrenchText.Plural(Chosen.Count, "demande confiée", "demandes confiées")}." : "")
            + (left > 0 ? $" {FrenchText.Plural(left, "demande lui reste", "demandes lui restent")}." : ""));
        return Redirect(Person.PartnerId is { } partner ? $"{Root}/programme/partners/{partner}" : $"{Root}/programme");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == Id && c.ProgrammeId == ProgrammeId, cancel) is not { } person) return false;
        Person = person;
        OpenTasks = await people.OpenTasksAsync(Id, cancel);
        Successors = await people.SuccessorsAsync(person, cancel);
        var today = Clock.Today;
        LeavesNobody = !(await db.Contacts.AsNoTracking()
            .Where(c => c.ProgrammeId == ProgrammeId && c.PartnerId == person.PartnerId && c.CompanyId == person.CompanyId && c.Role == person.Role && c.Id != Id)
            .ToListAsync(cancel)).Any(c => c.IsActiveOn(today));
        return true;
    }
}
