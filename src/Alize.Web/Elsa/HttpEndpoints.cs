using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Hosting;
using Alize.Workflows.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Alize.Web.Elsa;

/// <summary>
/// Receives what <see cref="HttpEndpoint"/> activities wait for, under <c>/elsa/http</c>. A request becomes a row before anything runs, so
/// that one that was taken is never lost; the answer is what <see cref="WriteHttpResponse"/> committed, or 202 with the instances' ids, or
/// 408 where the workflow took longer than its endpoint's <see cref="HttpEndpoint.RequestTimeout"/>: it goes on all the same.
/// </summary>
internal static class HttpEndpoints
{
    public const string BasePath = "/elsa/http";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    // Nobody holds a connection open for longer, and a timer does not count as far as a TimeSpan.
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(1);

    // A definition decides what is said, not what the browser or the connection is told.
    private static readonly string[] NotForDefinitions = ["Set-Cookie", "Content-Security-Policy", "Transfer-Encoding", "Content-Length", "Connection", "Strict-Transport-Security"];

    // Keys of the sender stay with the sender.
    private static readonly string[] NotForWorkflows = ["Authorization", "Cookie", "X-Api-Key"];

    public static void Map(WebApplication app) => app.Map(BasePath + "/{**path}", AnswerAsync).RequireRateLimiting(RateLimits.LinkPages);

    private static async Task<IResult> AnswerAsync(HttpContext context, string? path, AlizeDb db, WorkflowRuntime runtime, IWorkflowStore store, OpenRequests requests, IOptions<HttpOptions> options, TimeProvider time)
    {
        // Real time: somebody sits at the other end, whatever clock the workflows live by.
        var watch = Stopwatch.StartNew();
        var cancel = context.RequestAborted;
        var isSignedIn = context.User.Identity?.IsAuthenticated == true;
        if (await FindAsync(db, path, context.Request.Method, cancel) is not { } found)
            return Refused(StatusCodes.Status404NotFound, $"Rien n’attend ici une requête {context.Request.Method}. Vérifiez l’adresse, la méthode, et que la définition est publiée.");
        if (found.NeedsSignIn && !isSignedIn)
            return Refused(StatusCodes.Status401Unauthorized, "Cette adresse ne répond qu’aux personnes et programmes connectés.");

        var (body, length, refusal) = await BodyAsync(context.Request, options.Value.MaxRequestBytes, cancel);
        if (refusal is not null) return refusal;

        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        store.Enqueue(Message(context.Request, id, found.Stimulus, path ?? "", body, length, time.GetUtcNow()));
        await db.SaveChangesAsync(cancel);

        var instances = found.InstancesOf(id);
        return await DeliverAsync(context, runtime, requests, id, watch, cancel)
            ? await WaitAsync(context, runtime, id, instances, options.Value.ResponseWait, cancel)
            : TooLong(instances);
    }

    /// <summary>What waits for a request: the shape that fits most closely, and whether anybody may call it.</summary>
    private static async Task<Match?> FindAsync(AlizeDb db, string? path, string method, CancellationToken cancel)
    {
        var candidates = HttpPaths.ShapesOf(path).SelectMany(shape => new[] { false, true }.Select(needsSignIn => (
            Stimulus: HttpPaths.Stimulus(shape, method, needsSignIn), NeedsSignIn: needsSignIn))).ToList();
        var hashes = candidates.ConvertAll(c => Stimuli.Hash(HttpEndpoint.StimulusName, c.Stimulus));
        var triggers = await db.Triggers.AsNoTracking().Where(t => hashes.Contains(t.Hash)).ToListAsync(cancel);
        var bookmarks = await db.Bookmarks.AsNoTracking().Where(b => hashes.Contains(b.Hash)).OrderBy(b => b.Id).Select(b => new { b.Hash, b.InstanceId }).Take(100).ToListAsync(cancel);
        for (var i = 0; i < candidates.Count; i++)
        {
            var (starts, wakes) = (triggers.FindAll(t => t.Hash == hashes[i]), bookmarks.FindAll(b => b.Hash == hashes[i]));
            if (starts.Count + wakes.Count > 0)
                return new(candidates[i].Stimulus, candidates[i].NeedsSignIn, starts, wakes.ConvertAll(b => b.InstanceId));
        }

        return null;
    }

    private static Stimulus Message(HttpRequest request, string id, object stimulus, string path, JsonNode? body, long length, DateTimeOffset now)
    {
        var sent = new JsonObject
        {
            ["id"] = id,
            ["method"] = request.Method,
            ["path"] = path,
            ["query"] = new JsonObject(request.Query.Select(q => KeyValuePair.Create<string, JsonNode?>(q.Key, q.Value.Count == 1 ? q.Value[0] : new JsonArray([.. q.Value.Select(v => JsonValue.Create(v))])))),
            ["headers"] = new JsonObject(request.Headers.Where(h => !NotForWorkflows.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => KeyValuePair.Create<string, JsonNode?>(h.Key, h.Value.ToString()))),
            ["contentType"] = request.ContentType,
            ["length"] = length,
            ["body"] = body,
        };
        var correlation = request.Query["correlationId"].FirstOrDefault() ?? request.Headers["X-Correlation-Id"].FirstOrDefault();
        return Stimuli.For(HttpEndpoint.StimulusName, stimulus, string.IsNullOrEmpty(correlation) ? null : correlation, new Dictionary<string, object?> { [HttpEndpoint.RequestKey] = sent }, now, id: id);
    }

    private static async Task<(JsonNode? Body, long Length, IResult? Refusal)> BodyAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit + 1L;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            while (await request.Body.ReadAsync(chunk, cancel) is > 0 and var read && buffer.Length <= limit) buffer.Write(chunk, 0, read);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, 0, TooLarge(limit));
        }

        if (buffer.Length > limit) return (null, 0, TooLarge(limit));
        if (buffer.Length == 0) return (null, 0, null);

        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        var text = Encoding.UTF8.GetString(buffer.ToArray());
        if (type == "application/x-www-form-urlencoded")
            return (new JsonObject(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value.ToString()))), buffer.Length, null);
        if (!type.Contains("json", StringComparison.Ordinal))
        {
            return type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("xml", StringComparison.Ordinal)
                ? (JsonValue.Create(text), buffer.Length, null)
                : (null, 0, Refused(StatusCodes.Status415UnsupportedMediaType, "Ce type de contenu n’est pas accepté. Envoyez du JSON, du texte, du XML ou un formulaire sans fichier."));
        }

        try
        {
            return (JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 }), buffer.Length, null);
        }
        catch (JsonException)
        {
            return (null, 0, Refused(StatusCodes.Status400BadRequest, "Le contenu n’est pas du JSON valide. Corrigez-le et renvoyez la requête."));
        }
    }

    /// <summary>
    /// Runs the workflow. False when it took longer than its endpoint allows: the burst is never cut off half-way, only its caller is let go.
    /// </summary>
    private static async Task<bool> DeliverAsync(HttpContext context, WorkflowRuntime runtime, OpenRequests requests, string id, Stopwatch watch, CancellationToken cancel)
    {
        var limit = requests.Open(id);
        try
        {
            // Taken: whoever hangs up now changes nothing. Elsewhere than here, since a step may compute for long before it first lets go.
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpEndpoints));
            var delivery = Task.Run(() => ToTheEndAsync(runtime, id, log), CancellationToken.None);
            await Task.WhenAny(delivery, limit).WaitAsync(cancel);
            if (!limit.IsCompleted) return true;

            var allowed = await limit;
            var left = (allowed < LongestLimit ? allowed : LongestLimit) - watch.Elapsed;
            await delivery.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancel);
            return watch.Elapsed <= allowed;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            requests.Close(id);
        }
    }

    /// <summary>Delivers with nobody waiting any more, perhaps: what goes wrong is then said nowhere else.</summary>
    private static async Task ToTheEndAsync(WorkflowRuntime runtime, string id, ILogger log)
    {
        try
        {
            await runtime.DeliverAsync(id, CancellationToken.None);
        }
        catch (Exception cause)
        {
            // The message is still there: the next sweep delivers it.
            log.LogError(cause, "Request {RequestId} was taken and could not be delivered yet", id);
        }
    }

    /// <summary>Looks for the committed answer until it is there, nobody can give it any more, or the time is over.</summary>
    private static async Task<IResult> WaitAsync(HttpContext context, WorkflowRuntime runtime, string id, IReadOnlyList<string> instances, TimeSpan wait, CancellationToken cancel)
    {
        var scopes = context.RequestServices.GetRequiredService<IServiceScopeFactory>();
        var answerId = WriteHttpResponse.AnswerTo(id);

        // Counted from here: the endpoint's own limit is kept, this is the patience of whoever holds the connection.
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await using (var scope = scopes.CreateAsyncScope())
            {
                var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
                var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();

                // First whether they have ended: an answer that came after the look is then there.
                var areOver = await db.WorkflowInstances.CountAsync(i => instances.Contains(i.Id) && i.Status == WorkflowStatus.Finished, cancel) == instances.Count;
                if (await store.FindStimulusAsync(answerId, cancel) is { Input: { } answer })
                {
                    await store.DropStimuliAsync([answerId], CancellationToken.None);
                    return Answer(context.Response, JsonNode.Parse(answer)!.AsObject());
                }

                if (areOver || watch.Elapsed >= wait)
                    return Results.Json(new { workflowInstanceIds = instances }, statusCode: StatusCodes.Status202Accepted);
            }

            await Task.Delay(Glance, cancel);
        }
    }

    private static IResult Answer(HttpResponse response, JsonObject answer)
    {
        foreach (var (name, value) in answer[WriteHttpResponse.HeadersKey] as JsonObject ?? [])
            if (!NotForDefinitions.Contains(name, StringComparer.OrdinalIgnoreCase) && value?.ToString() is { } text && !text.AsSpan().ContainsAny('\r', '\n'))
                response.Headers[name] = text;

        // It shares our origin: shown in a browser it must not act as one of our pages.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var status = answer[WriteHttpResponse.StatusKey]!.GetValue<int>();
        return answer[WriteHttpResponse.ContentKey]?.ToString() is { } content
            ? Results.Text(content, answer[WriteHttpResponse.TypeKey]?.ToString(), Encoding.UTF8, status)
            : Results.StatusCode(status);
    }

    private static IResult TooLarge(int limit) => Refused(StatusCodes.Status413PayloadTooLarge, $"La requête dépasse {limit} octets. Envoyez moins.");

    private static IResult TooLong(IReadOnlyList<string> workflowInstanceIds) => Results.Json(
        new
        {
            statusCode = StatusCodes.Status408RequestTimeout,
            message = "La procédure a bien reçu la requête, mais prend plus de temps que cette adresse n’en accorde. Elle continue d’elle-même. Ne renvoyez pas la requête.",
            workflowInstanceIds,
        },
        statusCode: StatusCodes.Status408RequestTimeout);

    private static IResult Refused(int status, string message) => Results.Json(new { statusCode = status, message }, statusCode: status);

    private sealed record Match(object Stimulus, bool NeedsSignIn, List<StoredTrigger> Starts, List<string> Wakes)
    {
        /// <summary>The instances that a message starts or wakes.</summary>
        public IReadOnlyList<string> InstancesOf(string messageId) => [.. Wakes.Distinct(), .. Starts.Select(t => WorkflowRuntime.InstanceStartedBy(messageId, t))];
    }
}
