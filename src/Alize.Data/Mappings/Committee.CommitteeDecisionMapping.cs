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
        decision.HasParts(d => d.Votes, v => v.DecisionId);
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
