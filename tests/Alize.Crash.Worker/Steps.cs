using Alize.Data;
using Alize.Engine.Activities;
using Alize.Engine.Runtime;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Alize.Crash.Worker;

/// <summary>Says by mail that an effect took place.</summary>
public sealed record EffectMail(string What);

/// <summary>
/// Writes one row of the domain, blindly: it does not look whether it has been written before, so that a step that counts twice is
/// two rows.
/// </summary>
[Activity("Crash", "Crash", "Writes a row, and posts a mail where asked.")]
public sealed class Effect : Activity
{
    /// <summary>Kind of the rows.</summary>
    public const string Kind = "crash";

    [Input]
    public Input<string> What { get; set; } = default!;

    [Input]
    public Input<bool> Mails { get; set; } = new(false);

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var what = $"{context.WorkflowExecutionContext.CorrelationId}/{What.Get(context)}";
        await WriteAsync(context, what);
        if (Mails.Get(context))
        {
            var db = context.GetRequiredService<AlizeDb>();
            var to = await db.Contacts.AsNoTracking().SingleAsync(context.CancellationToken);
            await context.GetRequiredService<Outbox>().PostAsync(new EffectMail(what), to, new(to.ProgrammeId), context.StepKey(), context.CancellationToken);
        }

        await context.CompleteActivityAsync();
    }

    internal static async Task WriteAsync(ActivityExecutionContext context, string what)
    {
        var db = context.GetRequiredService<AlizeDb>();
        db.AuditEntries.Add(new()
        {
            ProgrammeId = await db.Programmes.Select(p => p.Id).SingleAsync(context.CancellationToken),
            At = context.WorkflowExecutionContext.Time.GetUtcNow().UtcDateTime,
            Actor = context.StepKey(),
            Kind = Kind,
            Text = what,
        });
    }
}

/// <summary>Waits for an answer that several threads give at once, beside a deadline that never comes to pass.</summary>
[Activity("Crash", "Crash", "Waits to be resumed by its bookmark.")]
public sealed class AwaitAnswer : Activity
{
    /// <summary>Kind of its bookmarks.</summary>
    public const string BookmarkName = "Crash.AwaitAnswer";

    protected override void Execute(ActivityExecutionContext context)
    {
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = BookmarkName, Callback = OnAnsweredAsync });
        context.DelayFor(TimeSpan.FromMinutes(30), OnExpiredAsync);
    }

    private async ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        await Effect.WriteAsync(context, $"{context.WorkflowExecutionContext.CorrelationId}/answered");
        await context.CompleteActivityAsync();
    }

    private ValueTask OnExpiredAsync(ActivityExecutionContext context) =>
        throw new InvalidOperationException("This deadline is cancelled by the answer.");
}

/// <summary>Ends the process that runs it, at once and without a word, for the correlation that the settings name.</summary>
[Activity("Crash", "Crash", "Ends the process for the correlation that a setting names.")]
public sealed class Deadly : CodeActivity
{
    /// <summary>The setting.</summary>
    public const string Setting = "Crash:Kills";

    protected override void Execute(ActivityExecutionContext context)
    {
        if (context.GetRequiredService<IConfiguration>()[Setting] == context.WorkflowExecutionContext.CorrelationId)
            Environment.FailFast("A step that ends the process.");
    }
}
