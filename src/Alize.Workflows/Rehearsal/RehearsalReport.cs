using Alize.Domain;
using Alize.Engine.Definitions;

namespace Alize.Workflows.Rehearsal;

/// <summary>What is to be tried out.</summary>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="VersionId">The version of the definition, a draft too.</param>
/// <param name="ProjectId">The project on whose copy it is tried. Null: a made-up one.</param>
/// <param name="AnswerAfterDays">Days after which people answer.</param>
/// <param name="Months">How far to look ahead.</param>
/// <param name="Answers">What people answer at a step, by <see cref="RehearsalQuestion.Key"/>. Not named: the favourable answer.</param>
public sealed record RehearsalRequest(
    Guid ProgrammeId, string VersionId, Guid? ProjectId, int AnswerAfterDays, int Months, IReadOnlyDictionary<string, string> Answers)
{
    public const int MostMonths = 60;
    public const int MostAnswerDays = 90;
}

/// <summary>What a rehearsal showed.</summary>
/// <param name="From">Its first day.</param>
/// <param name="Subject">What it was played on.</param>
/// <param name="Entries">What would happen, in order.</param>
/// <param name="Questions">Where somebody is awaited, in the order in which it came to that.</param>
/// <param name="Assumptions">What was made up so that it could be played.</param>
/// <param name="End">How it ended.</param>
/// <param name="EndSentence">The same in words.</param>
/// <param name="Until">The moment at which it ended, UTC.</param>
public sealed record RehearsalReport(
    DateOnly From, string Subject, IReadOnlyList<RehearsalEntry> Entries, IReadOnlyList<RehearsalQuestion> Questions, IReadOnlyList<string> Assumptions,
    RehearsalEnd End, string EndSentence, DateTime Until)
{
    /// <summary>Why the version cannot run at all; empty when it can.</summary>
    public IReadOnlyList<DefinitionProblem> Problems { get; init; } = [];

    /// <summary>How many mails would go out.</summary>
    public int Mails => Entries.Count(e => e.Kind == RehearsalKind.Mail);
}

/// <summary>How a rehearsal ended.</summary>
public enum RehearsalEnd
{
    /// <summary>The procedure came to its end.</summary>
    Finished,

    /// <summary>Somebody is awaited who, as was chosen, never answers, and no deadline is left.</summary>
    Waiting,

    /// <summary>A step fails.</summary>
    Failed,

    /// <summary>It goes round in circles.</summary>
    Loop,

    /// <summary>It goes on beyond what was to be looked at.</summary>
    Horizon,

    /// <summary>It could not be begun: a rule stands against it, or the version cannot run.</summary>
    Impossible,
}

/// <summary>What an entry of the calendar tells.</summary>
public enum RehearsalKind
{
    /// <summary>A step was done that neither writes nor books.</summary>
    Step,

    /// <summary>Somebody answers, as assumed.</summary>
    Answer,

    /// <summary>A mail leaves.</summary>
    Mail,

    /// <summary>A line of the accounts.</summary>
    Booked,

    /// <summary>A line of the project's history.</summary>
    Noted,
}

/// <summary>A line of the calendar.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Step">The step it comes from, as people call it. Empty when it is none's.</param>
/// <param name="Text">What happens: a mail's subject, the answer, what is booked.</param>
/// <param name="Who">The addressee with the role. Empty for nobody.</param>
/// <param name="Amount">Euros that move. Null for none.</param>
/// <param name="Body">What the mail reads, Markdown. Null for no mail.</param>
public sealed record RehearsalEntry(DateTime At, RehearsalKind Kind, string Step, string Text, string Who = "", Money? Amount = null, string? Body = null);

/// <summary>A step at which somebody is awaited, and what may be assumed.</summary>
/// <param name="Key">Names it in <see cref="RehearsalRequest.Answers"/>.</param>
/// <param name="Step">What people call it.</param>
/// <param name="Procedure">The definition it stands in.</param>
/// <param name="Options">What may be assumed; the first is the favourable one.</param>
/// <param name="Chosen">What was assumed.</param>
public sealed record RehearsalQuestion(string Key, string Step, string Procedure, IReadOnlyList<RehearsalOption> Options, string Chosen);

/// <summary>Something to assume.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Words">What people read.</param>
public sealed record RehearsalOption(string Value, string Words);
