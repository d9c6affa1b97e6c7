using Alize.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>
/// Sends a mail to addresses, as Elsa's activity of that name. It goes by the outbox, in the burst's transaction, and once for each
/// address: nobody sees who else got it. The sender is the service's, which the receiving servers know.
/// </summary>
[Activity("Elsa", "Email", "Send an email message.", Kind = ActivityKind.Task)]
public sealed class SendEmail : Activity
{
    [Input(Description = "The sender's email address. Empty: the service's; another one is refused, because mail servers would refuse it.")]
    public Input<string?>? From { get; set; }

    [Input(Description = "The recipients email addresses.", UIHint = InputUIHints.MultiText)]
    public Input<ICollection<string>> To { get; set; } = default!;

    [Input(Description = "The CC recipient email addresses. Each gets a mail of its own.", UIHint = InputUIHints.MultiText, Category = "More")]
    public Input<ICollection<string>?>? Cc { get; set; }

    [Input(Description = "The BCC recipient email addresses. Each gets a mail of its own.", UIHint = InputUIHints.MultiText, Category = "More")]
    public Input<ICollection<string>?>? Bcc { get; set; }

    [Input(Description = "The subject of the email message.")]
    public Input<string?>? Subject { get; set; }

    [Input(Description = "The attachments to send with the email message. Not taken here: put a link into the body.")]
    public Input<object?>? Attachments { get; set; }

    [Input(Description = "The body of the email message: Markdown, or HTML, of which the words, links and emphasis are kept.", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? Body { get; set; }

    /// <summary>What runs when the mail cannot be written. Not drawn: the step fails.</summary>
    [Port]
    public IActivity? Error { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (Refusal(context, out var addresses) is { } refusal)
        {
            if (Error is null) throw new InvalidOperationException($"Activity '{context.NodeId}' {refusal}");
            context.JournalData["Error"] = refusal;
            await context.ScheduleActivityAsync(Error, OnErrorHandledAsync);
            return;
        }

        var outbox = context.GetRequiredService<Outbox>();
        var (programmeId, projectId) = await AboutAsync(context);
        var subject = MarkdownText.OneLine(context.Get(Subject) ?? "");
        var body = HtmlText.ToMarkdown(context.Get(Body) ?? "").Replace(MailComposer.LinkMarker, "", StringComparison.Ordinal);
        foreach (var address in addresses)
            await outbox.PostAsync(new(subject, body), address, programmeId, projectId, $"{context.StepKey()}:{address.Address.ToLowerInvariant()}", context.CancellationToken);
        await context.CompleteActivityAsync();
    }

    private string? Refusal(ActivityExecutionContext context, out List<MailboxAddress> addresses)
    {
        addresses = [];
        var written = new[] { context.Get(To), context.Get(Cc), context.Get(Bcc) }
            .SelectMany(list => list ?? []).SelectMany(text => text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (var text in written)
        {
            if (!MailboxAddress.TryParse(text, out var address) || !address.Address.Contains('@', StringComparison.Ordinal))
                return "has among its recipients something that is no mail address. Correct them in the definition, or where they come from.";
            if (addresses.TrueForAll(a => !a.Address.Equals(address.Address, StringComparison.OrdinalIgnoreCase))) addresses.Add(address);
        }

        if (addresses.Count == 0) return "has no recipient. Give it at least one address.";
        if (string.IsNullOrWhiteSpace(context.Get(Subject))) return "has no subject. Give it one.";
        if (context.Get(Attachments) is { } attachments and not "" and not System.Text.Json.Nodes.JsonArray { Count: 0 })
            return "has attachments, which are not sent from here. Put a link into the body instead.";
        return context.Get(From) is { Length: > 0 } from && AddressIn(from) != AddressIn(context.GetRequiredService<IOptions<MailOptions>>().Value.From)
            ? "names another sender than the service's (Mail:From); mail servers would take it for a forgery. Empty its sender."
            : null;
    }

    private static string? AddressIn(string text) => MailboxAddress.TryParse(text, out var address) ? address.Address.ToLowerInvariant() : null;

    /// <summary>The project that the instance is about, where it is about one: the mail is then found in its file.</summary>
    private static async Task<(Guid? ProgrammeId, Guid? ProjectId)> AboutAsync(ActivityExecutionContext context)
    {
        var workflow = context.WorkflowExecutionContext;
        var db = context.GetRequiredService<AlizeDb>();
        if (Guid.TryParse(workflow.CorrelationId, out var id)
            && await db.Projects.Where(p => p.Id == id).Select(p => new { p.ProgrammeId }).FirstOrDefaultAsync(context.CancellationToken) is { } project)
            return (project.ProgrammeId, id);

        return Guid.TryParse(workflow.TenantId, out var programme) && await db.Programmes.AnyAsync(p => p.Id == programme, context.CancellationToken) ? (programme, null) : (null, null);
    }

    private ValueTask OnErrorHandledAsync(ActivityCompletedContext context) => context.TargetContext.CompleteActivityAsync();
}
