using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.Outbox;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Http;

/// <summary>
/// Sends the requests that steps have asked for, several at once. Each is claimed first, so that two senders never send the same one at the
/// same time; one whose sender was stopped goes again with the same <c>Idempotency-Key</c>. It is tried once: what to do without an answer
/// is the definition's to say.
/// </summary>
public sealed class SendRequests(IServiceScopeFactory scopes, HttpCaller caller, IOptions<HttpOptions> options, TimeProvider time, ILogger<SendRequests> log)
{
    private const int BatchSize = 50;
    private const int AtOnce = 8;

    /// <summary>A claim outlasts the longest request.</summary>
    private const int LeaseInTimeouts = 3;

    /// <summary>How long an answer is kept for an instance that cannot take it now.</summary>
    private static readonly TimeSpan AnswerLife = TimeSpan.FromDays(30);

    /// <returns>How many requests were answered, an answer being also that nobody answers.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var answered = 0;
        while (await DueAsync(cancel) is { Count: > 0 } batch)
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (request, token) =>
            {
                if (await SendAsync(request, token)) Interlocked.Increment(ref answered);
            });
        return answered;
    }

    private async Task<List<OutboxRequest>> DueAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow().UtcDateTime;
        return await scope.ServiceProvider.GetRequiredService<AlizeDb>().OutboxRequests.AsNoTracking()
            .Where(r => r.NotBefore <= now).OrderBy(r => r.NotBefore).ThenBy(r => r.Id).Take(BatchSize).ToListAsync(cancel);
    }

    private async Task<bool> SendAsync(OutboxRequest request, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var (seen, until) = (request.NotBefore, time.GetUtcNow().UtcDateTime + (LeaseInTimeouts * options.Value.Timeout));
        var claimed = await db.OutboxRequests.Where(r => r.Id == request.Id && r.NotBefore == seen).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.NotBefore, until).SetProperty(r => r.Attempts, r => r.Attempts + 1), cancel);
        if (claimed == 0) return false;

        if (!await db.Bookmarks.AnyAsync(b => b.Hash == request.WaitsAt, cancel))
        {
            await db.OutboxRequests.Where(r => r.Id == request.Id).ExecuteDeleteAsync(cancel);
            log.LogInformation("Request {RequestId} of {InstanceId} was withdrawn: nobody waits for its answer", request.Id, request.InstanceId);
            return false;
        }

        var answer = await caller.CallAsync(request, cancel);

        // The answer and the end of the request are one transaction.
        request.NotBefore = until;
        db.OutboxRequests.Remove(request);
        scope.ServiceProvider.GetRequiredService<IWorkflowStore>().Enqueue(Stimuli.For(
            HttpRequestStep.Waiting, request.Key, null, answer, time.GetUtcNow(), AnswerLife, $"http:{request.Id:N}", request.InstanceId));
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }

        // No address: it may hold personal data in its query.
        log.LogInformation("Request {RequestId} of {InstanceId} was answered", request.Id, request.InstanceId);
        return true;
    }
}

/// <summary>Makes one request within its limits. One for the whole process: it holds the connections.</summary>
public sealed class HttpCaller : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HttpClient client;
    private readonly HttpOptions limits;

    public HttpCaller(IOptions<HttpOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        limits = options.Value;
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The answer as the waiting step reads it; never throws for what the other side does.</summary>
    internal async Task<Dictionary<string, object?>> CallAsync(OutboxRequest request, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limits.Timeout);
        try
        {
            using var response = await FollowAsync(request, deadline.Token);
            var body = await BodyAsync(response.Content, deadline.Token);
            return body is null
                ? Failed(HttpAnswer.TooLarge, $"the answer is longer than {limits.MaxResponseBytes} bytes ({HttpOptions.Section}:{nameof(HttpOptions.MaxResponseBytes)}). Ask for less, or raise the limit.")
                : new()
                {
                    [HttpAnswer.StatusKey] = (int)response.StatusCode,
                    [HttpAnswer.HeadersKey] = Headers(response),
                    [HttpAnswer.TypeKey] = response.Content.Headers.ContentType?.MediaType,
                    [HttpAnswer.BodyKey] = body,
                };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(HttpAnswer.TimedOut, $"no answer within {limits.Timeout}.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException or InvalidOperationException)
        {
            return Failed(HttpAnswer.NotConnected, e.Message);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Follows redirections within the same server: another one was not allowed, nor meant to see what is sent.</summary>
    private async Task<HttpResponseMessage> FollowAsync(OutboxRequest request, CancellationToken cancel)
    {
        var address = new Uri(request.Url);
        if (!limits.Allows(address)) throw new InvalidOperationException($"The host is no longer among {HttpOptions.Section}:{nameof(HttpOptions.AllowedHosts)}.");
        var method = new HttpMethod(request.Method);
        for (var redirects = 0; ; redirects++)
        {
            using var message = Message(request, method, address);
            var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location || redirects == MaxRedirects)
                return response;

            var next = new Uri(address, location);
            if (Uri.Compare(next, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
                return response;

            if ((int)response.StatusCode is 301 or 302 or 303 && method != HttpMethod.Head)
                method = HttpMethod.Get;
            address = next;
            response.Dispose();
        }
    }

    private static HttpRequestMessage Message(OutboxRequest request, HttpMethod method, Uri address)
    {
        var message = new HttpRequestMessage(method, address);
        if (request.Content is not null && method.Method == request.Method)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Content));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type : new("text/plain");
            message.Content.Headers.ContentType.CharSet ??= "utf-8";
        }

        foreach (var (name, value) in JsonNode.Parse(request.Headers ?? "{}") as JsonObject ?? [])
            message.Headers.TryAddWithoutValidation(name, value is JsonArray several ? several.Select(v => v?.ToString()) : [value?.ToString()]);
        if (request.Authorization is not null) message.Headers.TryAddWithoutValidation("Authorization", request.Authorization);
        if (!message.Headers.Contains("Idempotency-Key")) message.Headers.TryAddWithoutValidation("Idempotency-Key", request.Key);
        if (!message.Headers.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", "Alize.Workflows");
        return message;
    }

    private async Task<string?> BodyAsync(HttpContent content, CancellationToken cancel)
    {
        await using var stream = await content.ReadAsStreamAsync(cancel);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancel) is > 0 and var read)
        {
            if (buffer.Length + read > limits.MaxResponseBytes) return null;
            buffer.Write(chunk, 0, read);
        }

        var type = content.Headers.ContentType;
        var isText = type?.MediaType is null || type.MediaType.StartsWith("text/", StringComparison.Ordinal)
            || new[] { "json", "xml", "javascript", "form-urlencoded" }.Any(t => type.MediaType.Contains(t, StringComparison.OrdinalIgnoreCase));
        return isText ? EncodingOf(type?.CharSet).GetString(buffer.ToArray()) : Convert.ToBase64String(buffer.ToArray());
    }

    private static Encoding EncodingOf(string? charset)
    {
        try
        {
            return charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static JsonObject Headers(HttpResponseMessage response)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)) headers[name] = string.Join(", ", values);
        return headers;
    }

    private static Dictionary<string, object?> Failed(string failure, string reason) => new() { [HttpAnswer.FailureKey] = failure, [HttpAnswer.ReasonKey] = reason };
}
