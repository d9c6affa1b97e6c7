using System.Diagnostics;
using Alize.Domain;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Errors;

/// <summary>
/// What people see when a request fails: what happened and what to do. A failure of ours carries a reference, under which the log
/// has the exception. The request is run again here with its own method, so every method is answered.
/// </summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
public sealed class ErrorModel(ILogger<ErrorModel> log) : PageModel
{
    public string Title => Words.Title;

    public string Sentence => FrenchText.Typeset(Words.Sentence);

    /// <summary>Reference of a failure of ours. Null for a mistake in the request.</summary>
    public string? Reference { get; private set; }

    /// <summary>Whether the failed page is one behind a mailed link.</summary>
    public bool IsPersonalLink => OriginalPath is { } path && (path.StartsWithSegments("/t") || path.StartsWithSegments("/detect"));

    private int Status => int.TryParse(RouteData.Values["status"]?.ToString(), out var status) && status is >= 400 and < 600 ? status : 404;

    private PathString? OriginalPath =>
        HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path is { } failed ? new PathString(failed)
        : HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath is { } refused ? new PathString(refused)
        : null;

    private (string Title, string Sentence) Words => Status switch
    {
        400 => ("Demande refusée", "La page a été refusée : elle était ouverte depuis trop longtemps, ou un champ manquait. Rien n'a été changé. Revenez en arrière, rechargez la page et recommencez."),
        401 or 403 => ("Accès refusé", "Vous n'avez pas le droit d'ouvrir cette page. Rien n'a été changé."),
        404 => ("Page introuvable", "Cette adresse ne mène à rien. Elle a peut-être été coupée ou mal recopiée : vérifiez-la, ou reprenez le lien du courriel."),
        405 => ("Action impossible", "Cette page ne permet pas cette action. Rien n'a été changé."),
        413 => ("Envoi trop lourd", "Ce que vous avez envoyé dépasse la taille permise. Allégez-le et recommencez."),
        429 => ("Trop de demandes", "Trop de demandes sont venues de votre connexion en peu de temps. Attendez une minute et recommencez."),
        >= 500 => ("Le service a rencontré un problème", "Ce n'est pas de votre fait, et le problème a été noté. Réessayez dans quelques minutes."),
        _ => ("Demande refusée", "Cette demande n'a pas pu être traitée. Rien n'a été changé."),
    };

    // One method for GET, POST and the rest: there is no handler to choose between.
    public override void OnPageHandlerExecuting(Microsoft.AspNetCore.Mvc.Filters.PageHandlerExecutingContext context)
    {
        if (Status == StatusCodes.Status404NotFound && OriginalPath is null) Response.StatusCode = StatusCodes.Status404NotFound;
        if (Status < 500) return;

        Reference = (Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier)[^12..];
        if (HttpContext.Features.Get<IExceptionHandlerPathFeature>() is { } failed)
            log.LogError(failed.Error, "Request failed, reference {Reference}", Reference);
    }
}
