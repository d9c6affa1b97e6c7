using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Http;

/// <summary>
/// Asks somebody else's server. The request is a row of the burst and leaves after its commit; the step waits, and goes on with what came
/// back: so a burst that is rolled back has asked nobody, and one that runs again asks once.
/// </summary>
public abstract class HttpRequestStep : Activity<object>
{
    /// <summary>Name of the bookmark at which the step waits.</summary>
    internal const string Waiting = "Elsa.SendHttpRequest";

    [Input(Description = "The address.", Order = 0)]
    public Input<string> Url { get; set; } = default!;

    [Input(
        Description = "The HTTP method to use when sending the request.", UIHint = InputUIHints.DropDown, DefaultValue = "GET", Order = 1,
        Options = new[] { "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD" })]
    public Input<string> Method { get; set; } = new("GET");

    [Input(Description = "The content to send with the request. Can be a string or an object, which is sent as JSON.", Order = 2)]
    public Input<object?>? Content { get; set; }

    [Input(
        Description = "The content type to use when sending the request.", UIHint = InputUIHints.DropDown, Order = 3,
        Options = new[] { "", "application/json", "application/soap+xml", "application/x-www-form-urlencoded", "application/xml", "text/html", "text/json", "text/plain", "text/richtext", "text/xml" })]
    public Input<string?>? ContentType { get; set; }

    [Input(Description = "The Authorization header value to send with the request. For example: Bearer {some-access-token}", Category = "Security", CanContainSecrets = true, Order = 4)]
    public Input<string?>? Authorization { get; set; }

    [Input(Description = "A value that allows to add the Authorization header without validation.", Category = "Security", Order = 5)]
    public Input<bool> DisableAuthorizationHeaderValidation { get; set; } = new(false);

    [Input(Description = "The headers to send along with the request.", Category = "Advanced", UIHint = InputUIHints.JsonEditor, Order = 6)]
    public Input<IDictionary<string, object>?>? RequestHeaders { get; set; }

    [Input(Description = "Obsolete. Use the common Resilience Strategy setting instead.")]
    public Input<bool> EnableResiliency { get; set; } = new(false);

    [Output(Description = "The HTTP response status code")]
    public Output<int>? StatusCode { get; set; }

    [Output(Description = "The parsed content, if any.")]
    public Output<object?>? ParsedContent { get; set; }

    [Output(Description = "The response headers that were received.")]
    public Output<object?>? ResponseHeaders { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var address = Address(context);
        var (content, contentType) = Body(context);
        var db = context.GetRequiredService<AlizeDb>();
        var key = context.StepKey();
        var bookmark = context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = Waiting, Stimulus = key, Callback = OnAnsweredAsync });
        if (await db.OutboxRequests.AnyAsync(r => r.Key == key, context.CancellationToken))
            return;

        var now = context.WorkflowExecutionContext.Time.GetUtcNow();
        db.OutboxRequests.Add(new()
        {
            Id = Guid.CreateVersion7(now),
            Key = key,
            WaitsAt = bookmark.Hash,
            InstanceId = context.WorkflowExecutionContext.Id,
            Method = (context.Get(Method) ?? "GET").ToUpperInvariant(),
            Url = address.AbsoluteUri,
            Headers = context.Get(RequestHeaders) is { Count: > 0 } headers ? ValueConversion.ToJson(headers)?.ToJsonString() : null,
            Authorization = context.Get(Authorization) is { Length: > 0 } authorization ? authorization : null,
            Content = content,
            ContentType = contentType,
            CreatedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
        });
    }

    /// <summary>Goes on after an answer.</summary>
    private protected abstract ValueTask OnStatusAsync(ActivityExecutionContext context, int status);

    /// <summary>Goes on when there is none.</summary>
    private protected abstract ValueTask OnNoAnswerAsync(ActivityExecutionContext context, bool isTimeout);

    private async ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        var input = context.WorkflowInput;
        if (Text(input, HttpAnswer.FailureKey) is { } failure)
        {
            var reason = Text(input, HttpAnswer.ReasonKey) ?? "";
            if (failure == HttpAnswer.TooLarge)
                throw new InvalidOperationException($"Activity '{context.NodeId}': {reason}");
            context.JournalData["Failure"] = reason;
            await OnNoAnswerAsync(context, failure == HttpAnswer.TimedOut);
            return;
        }

        var status = ValueConversion.To<int>(input[HttpAnswer.StatusKey]);
        var body = Text(input, HttpAnswer.BodyKey);
        context.Set(StatusCode, status);
        context.Set(ResponseHeaders, input.TryGetValue(HttpAnswer.HeadersKey, out var headers) ? headers : null);
        context.Set(ParsedContent, Parsed(body, Text(input, HttpAnswer.TypeKey)));
        context.Set(Result, body);
        await OnStatusAsync(context, status);
    }

    private Uri Address(ActivityExecutionContext context)
    {
        var url = Url.Get(context);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidOperationException($"Activity '{context.NodeId}' calls '{url}', which is no absolute http or https address. Correct it in the definition.");
        if (!context.GetRequiredService<IOptions<HttpOptions>>().Value.Allows(address))
            throw new InvalidOperationException(
                $"Activity '{context.NodeId}' calls '{address.Host}', which is not among the hosts allowed. An administrator adds it to the setting {HttpOptions.Section}:{nameof(HttpOptions.AllowedHosts)}; then retry the incident.");
        return address;
    }

    private (string? Content, string? Type) Body(ActivityExecutionContext context)
    {
        var type = context.Get(ContentType) is { Length: > 0 } given ? given : null;
        return context.Get(Content) switch
        {
            null or "" => (null, type),
            string text => (text, type ?? "text/plain"),
            JsonObject fields when type == "application/x-www-form-urlencoded" => (
                string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(ValueConversion.Text(f.Value))}")), type),
            var value => (ValueConversion.ToJson(value)?.ToJsonString(), type ?? "application/json"),
        };
    }

    private static object? Parsed(string? body, string? type)
    {
        if (body is null || type?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
            return body;
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // It says that it is JSON and is not: what came is still there to be looked at.
            return body;
        }
    }

    private static string? Text(IDictionary<string, object> input, string key) => input.TryGetValue(key, out var value) ? ValueConversion.Text(value) : null;
}

/// <summary>What a request brought back, as the input of the step that waits for it.</summary>
internal static class HttpAnswer
{
    public const string StatusKey = "HttpStatus";
    public const string HeadersKey = "HttpHeaders";
    public const string BodyKey = "HttpBody";
    public const string TypeKey = "HttpContentType";
    public const string FailureKey = "HttpFailure";
    public const string ReasonKey = "HttpFailureReason";

    public const string NotConnected = "FailedToConnect";
    public const string TimedOut = "Timeout";
    public const string TooLarge = "TooLarge";
}
