using Alize.Domain.Programmes;
using Alize.Web.People;
using Alize.Workflows;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Programmes;

/// <summary>
/// Base of every page under <c>/p/{programme}/…</c>. Before a handler runs it has found the programme and the person's roles in it:
/// a programme of others is a 404, a change asked by somebody who only reads is a 403. A page's queries start from
/// <see cref="ProgrammeId"/>.
/// </summary>
[Authorize]
public abstract class ProgrammePage : PageModel
{
    /// <summary>The programme, read-only, with its dated settings.</summary>
    public Programme Programme => Visit.Programme;

    public Guid ProgrammeId => Visit.Programme.Id;

    /// <summary>First segment of the addresses: <c>/p/{slug}</c>.</summary>
    public string Root => $"/p/{Visit.Programme.Slug}";

    /// <summary>Whether to show what changes something; the server refuses it anyway.</summary>
    public bool CanWrite => Visit.CanWrite;

    public ProgrammeVisit Visit { get; private set; } = new(NoProgramme, []);

    /// <summary>Day and hour of the territory.</summary>
    public ProgrammeClock Clock { get; private set; } = new(TimeProvider.System);

    /// <summary>Name for the trail.</summary>
    public string By => User.FullName();

    /// <summary>What was refused, for <c>&lt;alize-problems&gt;</c> and the fields.</summary>
    public IReadOnlyList<Problem> Problems { get; protected set; } = [];

    private static Programme NoProgramme { get; } =
        new() { Id = Guid.Empty, Slug = "", Name = "", Territory = "", SignedOn = DateOnly.MinValue };

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var slug = context.HttpContext.GetRouteValue("programme") as string ?? "";
        var services = context.HttpContext.RequestServices;
        var visit = await services.GetRequiredService<CurrentProgramme>().FindAsync(slug, User, context.HttpContext.RequestAborted);
        if (visit is null)
        {
            context.Result = NotFound();
            return;
        }

        Visit = visit;
        Clock = services.GetRequiredService<ProgrammeClock>();
        var looks = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        if (!looks && !visit.CanWrite)
        {
            context.Result = Forbid();
            return;
        }

        await next();
    }

    /// <summary>Shows the page again with what was refused: status 400, the typed values kept.</summary>
    protected PageResult Refused(IReadOnlyList<Problem> problems)
    {
        Problems = problems;
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>A sentence shown once on the next page, after a redirect.</summary>
    protected void Say(string sentence) => TempData["said"] = sentence;
}
