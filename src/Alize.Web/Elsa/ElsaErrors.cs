using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa;

/// <summary>Body of a refused request, as Elsa writes it; the Studio shows every sentence under <paramref name="Errors"/>.</summary>
/// <param name="StatusCode">The answer's status.</param>
/// <param name="Message">Always the same sentence at Elsa.</param>
/// <param name="Errors">Sentences, by what they concern.</param>
internal sealed record ElsaProblem(int StatusCode, string Message, IReadOnlyDictionary<string, IReadOnlyList<string>> Errors);

/// <summary>Refusals under <c>/elsa</c>: JSON instead of the pages' error page; what failed by our fault is logged and not told.</summary>
internal static class ElsaErrors
{
    private const string ContentType = "application/problem+json";

    /// <summary>400 with sentences under <c>generalErrors</c>.</summary>
    public static JsonHttpResult<ElsaProblem> Invalid(params IReadOnlyList<string> sentences) =>
        Refused(StatusCodes.Status400BadRequest, sentences);

    /// <summary>Another status with the same body, e.g. 409.</summary>
    public static JsonHttpResult<ElsaProblem> Refused(int status, params IReadOnlyList<string> sentences) =>
        TypedResults.Json(Problem(status, "generalErrors", sentences), contentType: ContentType, statusCode: status);

    public static void Use(WebApplication app) => app.UseWhen(context => context.Request.Path.StartsWithSegments("/elsa"), elsa => elsa.Use(async (context, next) =>
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException unreadable) when (!context.Response.HasStarted)
        {
            var json = unreadable.InnerException as JsonException;
            await WriteAsync(context, Problem(unreadable.StatusCode, Subject(json), [json?.Message ?? unreadable.Message]));
        }
        catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ElsaErrors))
                .LogError(failure, "{Method} of the Elsa interface failed, reference {Reference}", context.Request.Method, context.TraceIdentifier);
            await WriteAsync(context, Problem(StatusCodes.Status500InternalServerError, "generalErrors",
                [$"Le service a rencontré un problème, noté sous la référence {context.TraceIdentifier}. Rien n’a été changé. Réessayez dans quelques minutes."]));
        }
    }));

    private static ElsaProblem Problem(int status, string subject, IReadOnlyList<string> sentences) =>
        new(status, "One or more errors occurred!", new Dictionary<string, IReadOnlyList<string>> { [subject] = sentences });

    private static Task WriteAsync(HttpContext context, ElsaProblem problem)
    {
        context.Response.Clear();
        context.Response.StatusCode = problem.StatusCode;
        return context.Response.WriteAsJsonAsync(problem, options: null, ContentType, context.RequestAborted);
    }

    /// <summary>The property that could not be read, <c>serializerErrors</c> where that is the whole body.</summary>
    private static string Subject(JsonException? json) =>
        json?.Path?.TrimStart('$', '.').Split('.', '[')[0] is { Length: > 0 } property ? property : "serializerErrors";
}
