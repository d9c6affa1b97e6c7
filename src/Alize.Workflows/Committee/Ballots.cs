using System.Text.Json;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>
/// Puts a proposal to the members present, who vote from their personal links (R2); it is counted by <see cref="CommitteeVotes"/>,
/// with what was said aloud.
/// </summary>
public sealed class Ballots(AlizeDb db, Trail trail, CommitteeVotes votes, ProgrammeClock clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new CentsJson() } };

    /// <summary>What a ballot puts to the vote, without anybody's vote.</summary>
    public static DecisionForm ProposalOf(Ballot ballot) => JsonSerializer.Deserialize<DecisionForm>(ballot.Proposal, Json)
        ?? throw new InvalidOperationException($"Ballot '{ballot.Id}' holds no proposal.");

    /// <summary>Opens the vote. What cannot be decided is not put to the vote: the refusals come before anybody votes.</summary>
    public async Task<(IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems)> OpenAsync(
        Guid sessionId, Guid projectId, DecisionForm form, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        var project = await db.Projects.SingleAsync(p => p.Id == projectId && p.ProgrammeId == session.ProgrammeId, cancel);
        var proposal = form with { Votes = new Dictionary<Guid, VoteChoice>(), Recusals = new Dictionary<Guid, bool>() };
        var problems = await votes.ProblemsAsync(session, project, proposal, cancel);
        if (await db.Ballots.AnyAsync(b => b.SessionId == sessionId && b.State == BallotState.Open, cancel))
            problems.Add(new("", "Un vote est déjà en cours dans cette séance. Comptez-le ou retirez-le d’abord."));
        if (session.PresentCount == 0) problems.Add(new("votes", "Aucun membre n’est noté présent : notez d’abord les présences."));
        var refusals = problems.Count > 0 ? [] : await votes.RefusalsAsync(project, proposal, cancel);
        if (problems.Count + refusals.Count > 0) return (refusals, problems);

        db.Ballots.Add(new Ballot
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = session.ProgrammeId,
            SessionId = session.Id,
            ProjectId = project.Id,
            Proposal = JsonSerializer.Serialize(proposal, Json),
            OpenedAt = clock.UtcNow,
            OpenedBy = by,
        });
        trail.Add(session.ProgrammeId, "ballot", $"Vote ouvert sur le projet {project.Number}", by, project.Id, session.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ([], []);
    }

    /// <summary>Takes the vote of a member present, from the personal link. An empty list means: counted in.</summary>
    public async Task<IReadOnlyList<Problem>> CastAsync(Guid ballotId, Guid contactId, VoteChoice choice, CancellationToken cancel)
    {
        var sessionId = await db.Ballots.Where(b => b.Id == ballotId).Select(b => b.SessionId).SingleAsync(cancel);
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var ballot = await db.Ballots.SingleAsync(b => b.Id == ballotId, cancel);
        if (ballot.State != BallotState.Open) return [new("", "Ce vote est terminé. Votre voix n’a pas été changée.")];
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (!session.Invitees.Any(i => i.ContactId == contactId && i.IsPresentForVote))
            return [new("", "Vous n’êtes pas noté(e) présent(e) en séance : seuls les membres présents votent, sans procuration (art. 5.2). Signalez-vous à l’opérateur local.")];
        ballot.Cast(contactId, choice, clock.UtcNow);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Takes an open ballot back; its votes count for nothing.</summary>
    public async Task<IReadOnlyList<Problem>> WithdrawAsync(Guid sessionId, Guid projectId, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var ballot = await db.Ballots.SingleOrDefaultAsync(b => b.SessionId == sessionId && b.ProjectId == projectId && b.State == BallotState.Open, cancel);
        if (ballot is null) return [new("", "Il n’y a pas de vote en cours sur ce projet.")];
        ballot.End(BallotState.Withdrawn);
        trail.Add(ballot.ProgrammeId, "ballot", $"Vote retiré avant le décompte ({FrenchText.Plural(ballot.Votes.Count, "voix", "voix")} reçues)", by, projectId, sessionId);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>The proposal as it was put to the vote, with the votes from links and those said aloud.</summary>
    internal static DecisionForm Merge(Ballot ballot, DecisionForm said)
    {
        var all = said.Votes.ToDictionary();
        foreach (var vote in ballot.Votes) all[vote.ContactId] = vote.Choice;
        return ProposalOf(ballot) with { Votes = all, Recusals = said.Recusals };
    }

    private sealed class CentsJson : System.Text.Json.Serialization.JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Cents);
    }
}
