using Alize.Data.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.People;

/// <summary>Sign-out, by POST alone: no image or link of somebody else's page can do it.</summary>
public sealed class SignOutModel(SignInManager<AlizeUser> signIn) : PageModel
{
    public async Task<IActionResult> OnPostAsync()
    {
        await signIn.SignOutAsync();
        TempData["said"] = "Vous êtes déconnecté.";
        return Redirect("/account/sign-in");
    }
}
