namespace Alize.Data.Outbox;

/// <summary>Where an outgoing mail stands.</summary>
public enum MailState
{
    /// <summary>Waits to be handed over.</summary>
    Waiting,

    /// <summary>Handed over to the mail server.</summary>
    Sent,

    /// <summary>No longer true when its turn came, e.g. a reminder of an instalment paid meanwhile.</summary>
    Withdrawn,

    /// <summary>Refused for good by the mail server; an operator looks at it.</summary>
    Failed,
}

/// <summary>
/// A mail written in the transaction of the step that sends it, handed over after the commit. Its Message-Id is fixed here, so
/// that a hand-over repeated after a crash is recognised as the same mail.
/// </summary>
public sealed class OutboxMail
{
    /// <summary>Id; the Message-Id is made of it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme. Null for a mail of the service itself (password…).</summary>
    public Guid? ProgrammeId { get; init; }

    /// <summary>The project concerned. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Key of the step and addressee: a step that runs twice writes once. Unique.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the mail, e.g. <c>RemindCompanyMail</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The person. Null for an address alone.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>Name of the addressee.</summary>
    public required string ToName { get; init; }

    /// <summary>Address of the addressee.</summary>
    public required string ToAddress { get; init; }

    /// <summary>Language: <c>fr</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Subject.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// Body, Markdown. The marker <c>{{link}}</c> stands where the personal link goes: its token is made at hand-over, so that no
    /// token is ever stored.
    /// </summary>
    public required string Body { get; init; }

    /// <summary>What the personal link opens: <c>task</c>, <c>detect</c>, <c>session</c>, <c>account</c>. Null: no link.</summary>
    public string? LinkPurpose { get; init; }

    /// <summary>The task the link opens. Null for none.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>The session the link opens. Null for none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>
    /// Calendar entry that goes with it (iMIP, RFC 6047), iCalendar text; its own METHOD says whether it invites or calls off. Null for none.
    /// </summary>
    public string? Calendar { get; init; }

    /// <summary>
    /// Documents that go with it, by their ids in the archive: their bytes are read at hand-over, and are the same at every try, because
    /// nothing kept there ever changes.
    /// </summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    /// <summary>Withdrawn when this instalment is settled before hand-over. Null for none.</summary>
    public Guid? UnlessSettledInstallmentId { get; init; }

    /// <summary>Withdrawn when this task is no longer open before hand-over.</summary>
    public bool OnlyWhileTaskOpen { get; init; }

    /// <summary>Whether it answers or reminds by itself (RFC 3834): every mail of a workflow is.</summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>When it was written, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public MailState State { get; set; } = MailState.Waiting;

    /// <summary>Not handed over before, UTC; moves forward after each failed try.</summary>
    public required DateTime NotBefore { get; set; }

    /// <summary>When it was handed over, UTC.</summary>
    public DateTime? SentAt { get; set; }

    /// <summary>Failed tries.</summary>
    public int Attempts { get; set; }

    /// <summary>Why the last try failed; no address in it.</summary>
    public string? LastError { get; set; }
}
