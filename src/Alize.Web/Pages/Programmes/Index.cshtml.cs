using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Programmes;

/// <summary>A programme's address opens its projects.</summary>
public sealed class IndexModel : ProgrammePage
{
    public IActionResult OnGet() => Redirect($"{Root}/projects");
}
