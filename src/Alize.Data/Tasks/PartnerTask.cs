namespace Alize.Data.Tasks;

/// <summary>Where a task stands.</summary>
public enum PartnerTaskState
{
    /// <summary>Waits for its answer.</summary>
    Open,

    /// <summary>Answered.</summary>
    Answered,

    /// <summary>Its deadline passed and the procedure went on without it.</summary>
    Expired,

    /// <summary>No longer needed.</summary>
    Cancelled,
}

/// <summary>
/// Something one person is asked to do, by mail or on the operator's pages: a question with a form and named answers.
/// Written by a workflow step, answered on a page, read again by the step.
/// </summary>
public sealed class PartnerTask
{
    /// <summary>Id; also the stimulus the waiting step listens to.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project concerned. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The step that asks: instance, activity, iteration. Unique, so that a step that runs twice asks once.</summary>
    public required string StepKey { get; init; }

    /// <summary>The asking instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Which page serves it: <c>form</c>, <c>signature</c>, <c>time</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The thing it is about: convention, session, commitment… Null for none.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>A document of the archive to read before answering: attached to its mails, and on its page. Null for none.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>Title, in the assignee's language.</summary>
    public required string Title { get; init; }

    /// <summary>What is asked, Markdown.</summary>
    public required string Instructions { get; init; }

    /// <summary>Fields of the form, JSON array of <see cref="TaskField"/>.</summary>
    public required string Form { get; init; }

    /// <summary>Possible answers, JSON array of <see cref="TaskOutcome"/>; one button each.</summary>
    public required string Outcomes { get; init; }

    /// <summary>Who is to answer.</summary>
    public required Guid AssigneeContactId { get; set; }

    /// <summary>When it was asked, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Day until which an answer is hoped for. Null for none.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Where it stands.</summary>
    public PartnerTaskState State { get; set; } = PartnerTaskState.Open;

    /// <summary>Day of the last reminder. Null for none.</summary>
    public DateOnly? LastRemindedOn { get; set; }

    /// <summary>Whether it was escalated to somebody else.</summary>
    public bool IsEscalated { get; set; }

    /// <summary>When it was answered, UTC.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>Who answered: the assignee, or the operator on behalf of the assignee.</summary>
    public string? AnsweredBy { get; private set; }

    /// <summary>The answer chosen, one of <see cref="Outcomes"/>.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The fields' values, JSON object.</summary>
    public string? Answer { get; private set; }

    /// <summary>Raised at each change, so that of two simultaneous answers one counts.</summary>
    public int Version { get; private set; }

    /// <summary>Records the answer.</summary>
    /// <exception cref="InvalidOperationException">The task is not open: the page says so before it comes to this.</exception>
    public void Give(string outcome, string answerJson, string by, DateTime at)
    {
        if (State != PartnerTaskState.Open)
            throw new InvalidOperationException($"Task '{Id}' is {State}, it takes no answer.");
        (State, Outcome, Answer, AnsweredBy, AnsweredAt) = (PartnerTaskState.Answered, outcome, answerJson, by, at);
        Version++;
    }

    /// <summary>Hands it to somebody else; links sent to the one before say so.</summary>
    /// <exception cref="InvalidOperationException">The task is not open: who offers it looks first.</exception>
    public void HandTo(Guid contactId)
    {
        if (State != PartnerTaskState.Open)
            throw new InvalidOperationException($"Task '{Id}' is {State}, it cannot be handed to somebody else.");
        AssigneeContactId = contactId;
        Version++;
    }

    /// <summary>Ends it without an answer.</summary>
    public void Close(PartnerTaskState state)
    {
        if (State != PartnerTaskState.Open) return;
        State = state;
        Version++;
    }
}

/// <summary>One field of a task's form.</summary>
/// <param name="Name">Name in the answer, camelCase.</param>
/// <param name="Label">Label for people.</param>
/// <param name="Type"><c>text</c>, <c>longtext</c>, <c>integer</c>, <c>money</c>, <c>percent</c>, <c>date</c>, <c>checkbox</c>, <c>choice</c>.</param>
/// <param name="IsRequired">Whether an answer needs it.</param>
/// <param name="Help">A line under the field. Null for none.</param>
/// <param name="Choices">Values of a <c>choice</c>. Null otherwise.</param>
/// <param name="Minimum">Least number allowed. Null for none.</param>
/// <param name="Maximum">Greatest number allowed. Null for none.</param>
/// <param name="Value">What the field shows at first. Null for nothing.</param>
/// <param name="NotBefore">Name of the <c>date</c> field this one may not be before. Null for none.</param>
public sealed record TaskField(
    string Name, string Label, string Type = "text", bool IsRequired = false, string? Help = null,
    IReadOnlyList<string>? Choices = null, long? Minimum = null, long? Maximum = null, string? Value = null,
    string? NotBefore = null);

/// <summary>One possible answer of a task.</summary>
/// <param name="Name">The step's outcome, e.g. <c>Accepted</c>.</param>
/// <param name="Label">Text of the button.</param>
/// <param name="NeedsForm">Whether required fields must be filled for it; a refusal may need none. Default true.</param>
/// <param name="Style"><c>primary</c>, <c>secondary</c> or <c>danger</c>. Default <c>primary</c>.</param>
public sealed record TaskOutcome(string Name, string Label, bool NeedsForm = true, string Style = "primary");

/// <summary>A link sent to a person: only the hash of its token is kept.</summary>
public sealed class TaskLink
{
    /// <summary>SHA-256 of the token, hex.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>What it opens: <c>task</c>, <c>detect</c>, <c>session</c>, <c>account</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The task. Null for a link that opens something else.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>The committee's session. Null for a link that opens something else.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The person it was sent to; a forwarded link still speaks for that person alone.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it stops working, UTC; a page then offers a new one to the rightful address. Sooner when it went to a wrong one.</summary>
    public required DateTime ExpiresAt { get; set; }
}
