using Alize.Workflows.Mail;

namespace Alize.Workflows.Tasks;

/// <summary>Asks one person; the link opens the task.</summary>
public sealed record AskPartnerMail(string Title, MarkdownText Message, DateOnly? DueOn);

/// <summary>Reminds the person of an open task, with a fresh link.</summary>
public sealed record RemindPartnerMail(string Title, MarkdownText Message, DateOnly? DueOn);

/// <summary>Tells somebody else that a task is late.</summary>
public sealed record EscalateTaskMail(string Title, string Assignee, DateOnly? DueOn);

/// <summary>A new link for an open task, asked for by its addressee.</summary>
public sealed record FreshLinkMail(string Title);
