using System.Globalization;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>
/// Base of the pages behind a mailed link. Looking never acts; what acts is a POST. A link that opens nothing any more says why,
/// and where that helps offers a new one, which goes to the rightful address and never to the screen.
/// </summary>
public abstract class LinkPage(TaskLinks links, AlizeDb db, ProgrammeClock clock) : PageModel
{
    [BindProperty(Name = "token", SupportsGet = true)]
    public string Token { get; set; } = "";

    public LinkVisit Visit { get; private set; } = new(LinkFate.Unknown, null, null, null);

    /// <summary>Address a new link goes to, masked. Empty where none is offered.</summary>
    public string FreshLinkGoesTo { get; private set; } = "";

    /// <summary>For whom the person acts: the partner or the company.</summary>
    public string ActsFor { get; private set; } = "";

    public string ProgrammeName { get; private set; } = "";

    /// <summary>What was refused.</summary>
    public IReadOnlyList<Problem> Problems { get; protected set; } = [];

    public bool IsEnglish => Visit.Contact?.Language == "en";

    protected TaskLinks Links => links;

    protected AlizeDb Db => db;

    protected ProgrammeClock Clock => clock;

    /// <summary>The page's own words, in the person's language.</summary>
    public string Say(string french, string english) => IsEnglish ? english : FrenchText.Typeset(french);

    /// <summary>The task's title, whose words come from a definition typed with ordinary spaces.</summary>
    public string TitleOf(PartnerTask task) => Say(task.Title, task.Title);

    public string DayWords(DateOnly day) =>
        IsEnglish ? day.ToString("dddd d MMMM yyyy", CultureInfo.InvariantCulture) : FrenchText.DateWithWeekday(day);

    public DateTime LocalOf(DateTime utc) => clock.ToLocal(utc);

    public string MomentWords(DateTime utc)
    {
        var local = clock.ToLocal(utc);
        return IsEnglish
            ? local.ToString("d MMMM yyyy 'at' HH:mm", CultureInfo.InvariantCulture)
            : $"{FrenchText.Date(DateOnly.FromDateTime(local))} à {FrenchText.Time(TimeOnly.FromDateTime(local))}";
    }

    /// <summary>The words of the button a person answered with.</summary>
    public string OutcomeWords(PartnerTask task) =>
        PartnerTasks.OutcomesOf(task).FirstOrDefault(o => o.Name == task.Outcome)?.Label ?? task.Outcome ?? "";

    /// <summary>First letter and domain: enough for its owner to know it, too little for anybody else.</summary>
    internal static string Masked(string email)
    {
        var at = email.LastIndexOf('@');
        return at < 1 ? "…" : $"{email[0]}…{email[at..]}";
    }

    protected async Task OpenAsync(CancellationToken cancel)
    {
        Visit = await links.VisitAsync(Token, cancel);
        if (Visit is not { Link: { } link, Contact: { } contact }) return;

        var programme = await db.Programmes.AsNoTracking().Where(p => p.Id == link.ProgrammeId).Select(p => new { p.Name, p.Territory }).SingleAsync(cancel);
        ProgrammeName = programme.Name;
        ViewData["Programme"] = programme.Name;
        ViewData["Territory"] = programme.Territory;
        ViewData["Language"] = IsEnglish ? "en" : "fr";
        ActsFor = contact.PartnerId is { } partner
            ? await db.Partners.Where(p => p.Id == partner).Select(p => p.Name).SingleAsync(cancel)
            : await db.Companies.Where(c => c.Id == contact.CompanyId).Select(c => c.Name).SingleOrDefaultAsync(cancel) ?? "";
        if (Visit.Fate == LinkFate.Expired) FreshLinkGoesTo = Masked(contact.Email);
        if (Visit is { Fate: LinkFate.Reassigned, Task: { } task })
            FreshLinkGoesTo = Masked(await db.Contacts.Where(c => c.Id == task.AssigneeContactId).Select(c => c.Email).SingleAsync(cancel));
    }

    /// <summary>The page again, saying what became of the link.</summary>
    protected PageResult Closed() => new()
    {
        StatusCode = Visit.Fate switch
        {
            LinkFate.Unknown => StatusCodes.Status404NotFound,
            LinkFate.Expired or LinkFate.NoLongerNeeded => StatusCodes.Status410Gone,
            LinkFate.Reassigned => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status200OK,
        },
    };

    /// <summary>Treats a link that still works as one that is needed no more.</summary>
    protected PageResult Withdrawn()
    {
        Visit = Visit with { Fate = LinkFate.NoLongerNeeded };
        return Closed();
    }

    protected PageResult Refused(IReadOnlyList<Problem> problems)
    {
        Problems = problems;
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }
}
