using System.Reflection;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Http;

/// <summary>Waits for a request to a path; as a trigger starts the workflow with it. The web program receives the requests.</summary>
[Activity("Elsa", "HTTP", "Wait for an inbound HTTP request that matches the specified path and methods.", DisplayName = "HTTP Endpoint", Kind = ActivityKind.Trigger)]
public sealed class HttpEndpoint : Trigger<object>
{
    /// <summary>Kind of its bookmarks and triggers.</summary>
    public const string StimulusName = "Elsa.HttpEndpoint";

    /// <summary>Name in the input under which the request travels.</summary>
    public const string RequestKey = "HttpRequest";

    /// <summary>Name in the instance's properties of the request that still wants an answer.</summary>
    internal const string OpenRequestKey = "HttpRequestId";

    private const string TooLarge = "Request too large";

    [Input(Description = "The path to associate with the workflow.", UIHint = InputUIHints.SingleLine, UIHandler = typeof(EndpointAddress))]
    public Input<string> Path { get; set; } = default!;

    [Input(Description = "The HTTP methods to accept.", UIHint = InputUIHints.CheckList, Options = new[] { "GET", "POST", "PUT", "HEAD", "DELETE" })]
    public Input<ICollection<string>> SupportedMethods { get; set; } = new(["GET"]);

    [Input(Description = "Allow authenticated requests only.", Category = "Security")]
    public Input<bool> Authorize { get; set; } = new(false);

    [Input(Description = "Provide a policy to evaluate. If the policy fails, the request is forbidden.", Category = "Security")]
    public Input<string?>? Policy { get; set; }

    [Input(Description = "The maximum time allowed to process the request. A request that takes longer is answered 408; the workflow goes on.", Category = "Upload")]
    public Input<TimeSpan?>? RequestTimeout { get; set; }

    [Input(Description = "The maximum request size allowed in bytes.", Category = "Upload")]
    public Input<long?>? RequestSizeLimit { get; set; }

    [Input(Description = "The maximum file size allowed in bytes for an individual file.", Category = "Upload")]
    public Input<long?>? FileSizeLimit { get; set; }

    [Input(Description = "Only file extensions in this list are allowed. Leave empty to allow all extensions", Category = "Upload", UIHint = InputUIHints.MultiText)]
    public Input<ICollection<string>?>? AllowedFileExtensions { get; set; }

    [Input(Description = "File extensions in this list are forbidden. Leave empty to not block any extension.", Category = "Upload", UIHint = InputUIHints.MultiText)]
    public Input<ICollection<string>?>? BlockedFileExtensions { get; set; }

    [Input(Description = "Only MIME types in this list are allowed. Leave empty to allow all types", Category = "Upload", UIHint = InputUIHints.MultiText)]
    public Input<ICollection<string>?>? AllowedMimeTypes { get; set; }

    [Input(Description = "A value indicating whether to expose the \"Request too large\" outcome.", Category = "Outcomes")]
    public bool ExposeRequestTooLargeOutcome { get; set; }

    [Input(Description = "A value indicating whether to expose the \"File too large\" outcome.", Category = "Outcomes")]
    public bool ExposeFileTooLargeOutcome { get; set; }

    [Input(Description = "A value indicating whether to expose the \"Invalid file extension\" outcome.", Category = "Outcomes")]
    public bool ExposeInvalidFileExtensionOutcome { get; set; }

    [Input(Description = "A value indicating whether to expose the \"Invalid file MIME type\" outcome.", Category = "Outcomes")]
    public bool ExposeInvalidFileMimeTypeOutcome { get; set; }

    [Output(Description = "The parsed request content, if any.")]
    public Output<object?>? ParsedContent { get; set; }

    [Output(Description = "The uploaded files, if any. Always empty: this service takes no files here.")]
    public Output<object?>? Files { get; set; }

    [Output(Description = "The first uploaded file, if any. Always empty: this service takes no files here.")]
    public Output<object?>? File { get; set; }

    [Output(Description = "The parsed route data, if any.")]
    public Output<IDictionary<string, object>?>? RouteData { get; set; }

    [Output(Description = "The querystring data, if any.")]
    public Output<IDictionary<string, object>?>? QueryStringData { get; set; }

    [Output(Description = "The headers, if any.")]
    public Output<IDictionary<string, object>?>? Headers { get; set; }

    /// <inheritdoc />
    protected override IEnumerable<object> GetTriggerPayloads(TriggerIndexingContext context) =>
        Stimuli(context.Get(Path), context.Get(SupportedMethods), context.Get(Authorize));

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (context.Get(Policy) is { Length: > 0 } policy)
            throw new InvalidOperationException($"Activity '{context.NodeId}' names the policy '{policy}'; this service knows only 'Authorize', which lets in everybody who is signed in. Empty the policy.");
        if (context.IsTriggerOfWorkflow())
        {
            await OnRequestAsync(context);
            return;
        }

        foreach (var stimulus in Stimuli(Path.Get(context), context.Get(SupportedMethods), context.Get(Authorize)))
            context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = StimulusName, Stimulus = stimulus, Callback = OnRequestAsync });
    }

    private static IEnumerable<object> Stimuli(string? path, ICollection<string>? methods, bool authorize) =>
        (methods is { Count: > 0 } ? methods : ["GET"]).Select(method => HttpPaths.Stimulus(HttpPaths.Shape(path), method, authorize));

    private ValueTask OnRequestAsync(ActivityExecutionContext context)
    {
        if (!context.WorkflowInput.TryGetValue(RequestKey, out var value) || value is not JsonObject request)
            throw new InvalidOperationException($"Activity '{context.NodeId}' was woken without a request. Send one to its path; a resume by hand cannot stand for it.");

        var id = request["id"]!.ToString();
        context.WorkflowExecutionContext.Properties[OpenRequestKey] = id;
        if (context.Get(RequestTimeout) is { } timeout && timeout > TimeSpan.Zero) context.GetRequiredService<OpenRequests>().Limit(id, timeout);
        if (context.Get(RequestSizeLimit) is { } limit && request["length"]!.GetValue<long>() > limit)
        {
            return ExposeRequestTooLargeOutcome
                ? context.CompleteActivityWithOutcomesAsync(TooLarge)
                : throw new InvalidOperationException($"Activity '{context.NodeId}' got {request["length"]} bytes and takes {limit}. Send less, or raise its request size limit.");
        }

        context.Set(RouteData, HttpPaths.Route(Path.Get(context), request["path"]!.ToString()));
        context.Set(QueryStringData, ValueConversion.To<IDictionary<string, object>>(request["query"]));
        context.Set(Headers, ValueConversion.To<IDictionary<string, object>>(request["headers"]));
        context.Set(ParsedContent, request["body"]?.DeepClone());
        context.Set(Result, request.DeepClone());
        return context.CompleteActivityWithOutcomesAsync("Done");
    }
}

/// <summary>Shows before the path the address it is added to.</summary>
public sealed class EndpointAddress(IOptions<AlizeOptions> options) : IPropertyUIHandler
{
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IDictionary<string, object>>(new Dictionary<string, object>
        {
            [InputUIHints.SingleLine] = new { AdornmentText = $"{options.Value.PublicUrl.TrimEnd('/')}/elsa/http/", EnableCopyAdornment = true },
            ["Refresh"] = true,
        });
}
