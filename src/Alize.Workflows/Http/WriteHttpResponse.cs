using System.Net;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Workflows.Http;

/// <summary>
/// Answers the request that woke the workflow last. The answer is a message committed with the burst and read by whoever holds the request
/// open, on this node or another: nobody is told what a rolled back burst would have said. Without an open request it says nothing.
/// </summary>
[Activity("Elsa", "HTTP", "Write a response to the current HTTP response object.", DisplayName = "HTTP Response")]
public sealed class WriteHttpResponse : CodeActivity
{
    /// <summary>Kind of the message.</summary>
    public const string StimulusName = "Elsa.WriteHttpResponse";

    /// <summary>Names in its input.</summary>
    public const string StatusKey = "Status", ContentKey = "Content", TypeKey = "ContentType", HeadersKey = "Headers";

    /// <summary>Who still holds a request open after so long is no longer there.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    [Input(Description = "The status code to return.", UIHint = InputUIHints.DropDown, DefaultValue = HttpStatusCode.OK)]
    public Input<HttpStatusCode> StatusCode { get; set; } = new(HttpStatusCode.OK);

    [Input(Description = "The content to write back. String values will be sent as-is, while objects will be serialized to a JSON string. Byte arrays and streams will be sent as files.")]
    public Input<object?>? Content { get; set; }

    [Input(
        Description = "The content type to write when sending the response.", UIHint = InputUIHints.DropDown,
        Options = new[] { "", "application/json", "application/soap+xml", "application/x-www-form-urlencoded", "application/xml", "text/html", "text/json", "text/plain", "text/richtext", "text/xml" })]
    public Input<string?>? ContentType { get; set; }

    [Input(Description = "The headers to send along with the response.", Category = "Advanced", UIHint = InputUIHints.JsonEditor)]
    public Input<IDictionary<string, object>?>? ResponseHeaders { get; set; }

    /// <summary>Id of the message that answers a request.</summary>
    public static string AnswerTo(string requestId) => $"answer:{requestId}";

    protected override void Execute(ActivityExecutionContext context)
    {
        var properties = context.WorkflowExecutionContext.Properties;
        if (!properties.TryGetValue(HttpEndpoint.OpenRequestKey, out var open) || open.ToString() is not { Length: > 0 } requestId)
        {
            context.JournalData["Answered"] = "No request is open.";
            return;
        }

        // A request is answered once.
        properties.Remove(HttpEndpoint.OpenRequestKey);
        var content = context.Get(Content);
        var isText = content is null or string;
        var now = context.WorkflowExecutionContext.Time.GetUtcNow().UtcDateTime;
        context.Enqueue(new Stimulus
        {
            Id = AnswerTo(requestId),
            Kind = StimulusKind.Deliver,
            Name = StimulusName,
            Hash = Stimuli.Hash(StimulusName, requestId),
            InstanceId = context.WorkflowExecutionContext.Id,
            Input = new JsonObject
            {
                [StatusKey] = (int)context.Get(StatusCode),
                [ContentKey] = isText ? (string?)content : ValueConversion.ToJson(content)?.ToJsonString(),
                [TypeKey] = context.Get(ContentType) is { Length: > 0 } type ? type : isText ? "text/plain" : "application/json",
                [HeadersKey] = ValueConversion.ToJson(context.Get(ResponseHeaders)),
            }.ToJsonString(),
            CreatedAt = now,

            // Nobody is to be woken with it: it is read by its id, or dropped when its time is over.
            NotBefore = now + Life,
            ExpiresAt = now + Life,
        });
    }
}
