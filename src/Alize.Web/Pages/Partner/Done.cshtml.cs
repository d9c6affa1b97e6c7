using Alize.Data;
using Alize.Domain.Signatures;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>After an answer: what was recorded, and what follows. It only reads, so loading it again repeats nothing.</summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class DoneModel(TaskLinks links, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    public string Next { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is not { Fate: LinkFate.AlreadyAnswered, Task: { } task } || task.AnsweredBy != Visit.By)
            return Redirect($"/t/{Token}");

        Next = task.Kind != SignatureForm.Kind
            ? Say("L'opérateur local la voit dans le dossier et la procédure continue d'elle-même. Si quelque chose vous est encore demandé, vous recevrez un courriel.",
                  "The local operator sees it in the file and the procedure goes on by itself. Should anything else be asked of you, you will get an email.")
            : await AfterSignatureAsync(task.SubjectId, cancel);
        return Page();
    }

    private async Task<string> AfterSignatureAsync(Guid? conventionId, CancellationToken cancel)
    {
        var convention = await Db.Conventions.AsNoTracking().Include(c => c.Signatories).SingleAsync(c => c.Id == conventionId, cancel);
        var missing = convention.Signatories.Where(s => s.SignedAt is null).Select(s => s.ContactId).Distinct().Count();
        return convention.State switch
        {
            ConventionState.Refused => Say(
                "L'opérateur local est prévenu et prendra contact avec vous. Les autres signatures ne sont plus demandées.",
                "The local operator is told and will contact you. The other signatures are no longer asked for."),
            ConventionState.Signed => Say(
                "Toutes les signatures sont recueillies : la convention est signée. L'opérateur local poursuit la mise en œuvre du projet.",
                "All signatures are in: the agreement is signed. The local operator goes on with the project."),
            _ => Say(
                $"La convention attend encore {(missing == 1 ? "une signature" : $"{missing} signatures")}. Les autres signataires sont relancés s'il le faut.",
                $"The agreement awaits {(missing == 1 ? "one more signature" : $"{missing} more signatures")}. The other signatories are reminded where needed."),
        };
    }
}
