using Alize.Data.People;
using Alize.Domain;
using Alize.Web.Hosting;
using Alize.Workflows;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Alize.Web.Pages.People;

/// <summary>Sign-in by address and password; five wrong passwords lock the account for ten minutes.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInModel(SignInManager<AlizeUser> signIn, UserManager<AlizeUser> users) : PageModel
{
    [BindProperty(Name = "email")]
    public string? Email { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(Name = "return", SupportsGet = true)]
    public string? Return { get; set; }

    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public IActionResult OnGet() => User.Identity?.IsAuthenticated == true ? LocalRedirect(Destination) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(Email)) return Refuse("email", "Écrivez votre adresse électronique.");
        if (string.IsNullOrEmpty(Password)) return Refuse("password", "Écrivez votre mot de passe.");

        var user = await users.FindByEmailAsync(Email.Trim());
        var result = user is null
            ? Microsoft.AspNetCore.Identity.SignInResult.Failed
            : await signIn.PasswordSignInAsync(user, Password, isPersistent: false, lockoutOnFailure: true);
        if (result.Succeeded) return LocalRedirect(Destination);

        // One sentence whether the account exists or not: the page must not tell who has one.
        return result.IsLockedOut
            ? Refuse("", "Trop d’essais : ce compte est verrouillé dix minutes. Réessayez ensuite, ou demandez un nouveau mot de passe à l’administrateur.")
            : Refuse("", "L’adresse ou le mot de passe est inexact. Vérifiez-les et réessayez.");
    }

    private string Destination => Url.IsLocalUrl(Return) ? Return : "/";

    private PageResult Refuse(string field, string sentence)
    {
        Problems = [new(field, FrenchText.Typeset(sentence))];
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }
}
