using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.People;

/// <summary>Signed in, but not allowed.</summary>
public sealed class DeniedModel : PageModel
{
    public void OnGet() => Response.StatusCode = StatusCodes.Status403Forbidden;
}
