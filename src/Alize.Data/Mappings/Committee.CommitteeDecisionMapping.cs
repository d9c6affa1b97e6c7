using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CommitteeDecisionMapping : IEntityTypeConfiguration<CommitteeDecision>
{
    public void Configure(EntityTypeBuilder<CommitteeDecision> decision)
    {
        decision.ToTable("Decisions").HasGivenId();
        decision.BelongsToProgramme();
        decision.HasOne<CommitteeSession>().WithMany().ByKey(d => d.SessionId);
        decision.HasOne<CompanyProject>().WithMany().ByKey(d => d.ProjectId);
        decision.HasOne<CommitteeDecision>().WithMany().ByKey(d => d.ReplacesDecisionId);
        decision.HasParts(d => d.Votes, v => v.DecisionId);
        decision.HasParts(d => d.Recusals, r => r.DecisionId);
        decision.Ignore(d => d.Count);
        decision.HasIndex(d => d.ReplacesDecisionId).IsUnique();       // what replaced a decision: one other at most
        decision.HasIndex(d => d.ProjectId);                           // a project's decisions, the last one in force
        decision.HasIndex(d => d.SessionId);                           // a session's minutes
        decision.HasIndex(d => new { d.ProgrammeId, d.DecidedOn });    // the register, the year's report
    }
}

internal sealed class VoteMapping : IEntityTypeConfiguration<Vote>
{
    public void Configure(EntityTypeBuilder<Vote> vote)
    {
        vote.ToTable("Votes");
        vote.HasOne<Contact>().WithMany().ByKey(v => v.ContactId);
        vote.HasIndex(v => new { v.DecisionId, v.ContactId }).IsUnique();   // loaded with their decision; one vote a member
    }
}

internal sealed class RecusalMapping : IEntityTypeConfiguration<Recusal>
{
    public void Configure(EntityTypeBuilder<Recusal> recusal)
    {
        recusal.ToTable("Recusals");
        recusal.HasOne<Contact>().WithMany().ByKey(r => r.ContactId);
        recusal.HasIndex(r => new { r.DecisionId, r.ContactId }).IsUnique();   // loaded with their decision; one a member
    }
}

internal sealed class ReopeningMapping : IEntityTypeConfiguration<Reopening>
{
    public void Configure(EntityTypeBuilder<Reopening> reopening)
    {
        reopening.ToTable("Reopenings").HasKey(r => r.DecisionId);   // a decision is reopened once
        reopening.HasGivenId(nameof(Reopening.DecisionId));
        reopening.BelongsToProgramme();
        reopening.HasOne<CommitteeDecision>().WithOne().HasForeignKey<Reopening>(r => r.DecisionId).OnDelete(DeleteBehavior.NoAction);
    }
}

internal sealed class BallotMapping : IEntityTypeConfiguration<Ballot>
{
    public void Configure(EntityTypeBuilder<Ballot> ballot)
    {
        ballot.ToTable("Ballots").HasGivenId();
        ballot.BelongsToProgramme();
        ballot.HasOne<CommitteeSession>().WithMany().ByKey(b => b.SessionId);
        ballot.HasOne<CompanyProject>().WithMany().ByKey(b => b.ProjectId);
        ballot.Property(b => b.Version).IsConcurrencyToken();
        ballot.HasParts(b => b.Votes, v => v.BallotId);
        ballot.HasIndex(b => new { b.SessionId, b.State });   // what is being voted on in a session
    }
}

internal sealed class BallotVoteMapping : IEntityTypeConfiguration<BallotVote>
{
    public void Configure(EntityTypeBuilder<BallotVote> vote)
    {
        vote.ToTable("BallotVotes");
        vote.HasOne<Contact>().WithMany().ByKey(v => v.ContactId);
        vote.HasIndex(v => new { v.BallotId, v.ContactId }).IsUnique();   // loaded with their ballot; one vote a member
    }
}
