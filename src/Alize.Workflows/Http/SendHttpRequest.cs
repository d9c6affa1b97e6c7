using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;

namespace Alize.Workflows.Http;

/// <summary>A status code and the activity that handles it.</summary>
public sealed record HttpStatusCodeCase(int StatusCode, IActivity? Activity);

/// <summary>Asks a server; embedded activities handle what came back.</summary>
[Activity("Elsa", "HTTP", "Send an HTTP request.", DisplayName = "HTTP Request", Kind = ActivityKind.Task)]
public sealed class SendHttpRequest : HttpRequestStep, IReadsJson
{
    [Input(
        Description = "A list of expected status codes to handle and the corresponding activity to execute when the status code matches.",
        UIHint = InputUIHints.HttpStatusCodes)]
    public ICollection<HttpStatusCodeCase> ExpectedStatusCodes { get; set; } = [];

    [Port]
    public IActivity? UnmatchedStatusCode { get; set; }

    [Port]
    public IActivity? FailedToConnect { get; set; }

    [Port]
    public IActivity? Timeout { get; set; }

    /// <inheritdoc />
    public void Read(ActivityReader reader) => ExpectedStatusCodes = reader.Json["expectedStatusCodes"] is not JsonArray cases ? [] :
        [.. cases.OfType<JsonObject>().Select(c => new HttpStatusCodeCase(ValueConversion.To<int>(c["statusCode"]), reader.Activity(c["activity"])))];

    private protected override ValueTask OnStatusAsync(ActivityExecutionContext context, int status) =>
        HandleAsync(context, ExpectedStatusCodes.FirstOrDefault(c => c.StatusCode == status) is { } expected ? expected.Activity : UnmatchedStatusCode);

    private protected override ValueTask OnNoAnswerAsync(ActivityExecutionContext context, bool isTimeout) => HandleAsync(context, isTimeout ? Timeout : FailedToConnect);

    private ValueTask HandleAsync(ActivityExecutionContext context, IActivity? activity) =>
        activity is null ? context.CompleteActivityAsync() : context.ScheduleActivityAsync(activity, OnHandledAsync);

    private ValueTask OnHandledAsync(ActivityCompletedContext context) => context.TargetContext.CompleteActivityAsync();
}

/// <summary>Asks a server; the flowchart goes on by what came back.</summary>
[Activity("Elsa", "HTTP", "Send an HTTP request.", DisplayName = "HTTP Request (flow)", Kind = ActivityKind.Task)]
[FlowNode(Done, Unmatched, NotConnected, TimedOut)]
public sealed class FlowSendHttpRequest : HttpRequestStep
{
    private const string Done = "Done";
    private const string Unmatched = "Unmatched status code";
    private const string NotConnected = "Failed to connect";
    private const string TimedOut = "Timeout";

    [Input(Description = "A list of expected status codes to handle.", UIHint = InputUIHints.MultiText, DefaultValue = new[] { 200 }, Order = 5.1f, GivesOutcomes = true)]
    public Input<ICollection<int>> ExpectedStatusCodes { get; set; } = new([200]);

    private protected override ValueTask OnStatusAsync(ActivityExecutionContext context, int status)
    {
        var expected = context.Get(ExpectedStatusCodes) ?? [];
        return expected.Count == 0
            ? context.CompleteActivityWithOutcomesAsync(Done)
            : context.CompleteActivityWithOutcomesAsync(expected.Contains(status) ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : Unmatched, Done);
    }

    private protected override ValueTask OnNoAnswerAsync(ActivityExecutionContext context, bool isTimeout) =>
        context.CompleteActivityWithOutcomesAsync(isTimeout ? TimedOut : NotConnected);
}
