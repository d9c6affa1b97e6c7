using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CompetenceCommitmentMapping : IEntityTypeConfiguration<CompetenceCommitment>
{
    public void Configure(EntityTypeBuilder<CompetenceCommitment> commitment)
    {
        commitment.ToTable("CompetenceCommitments").HasGivenId();
        commitment.BelongsToProgramme();
        commitment.HasOne<CompanyProject>().WithMany().ByKey(c => c.ProjectId);
        commitment.HasOne<CommitteeDecision>().WithMany().ByKey(c => c.DecisionId);
        commitment.HasOne<Partner>().WithMany().ByKey(c => c.PartnerId);
        commitment.HasParts(c => c.Time, t => t.CommitmentId);
        commitment.HasIndex(c => c.ProjectId);                          // a project's means, its State aid
        commitment.HasIndex(c => new { c.ProgrammeId, c.PartnerId });   // days given by each partner, against its pledge
    }
}

internal sealed class TimeLoggedMapping : IEntityTypeConfiguration<TimeLogged>
{
    public void Configure(EntityTypeBuilder<TimeLogged> time)
    {
        time.ToTable("TimeLogged").HasGivenId();
        time.Property(t => t.Key).HasMaxLength(Lengths.Name);
        time.Ignore(t => t.Sign);
        time.HasIndex(t => new { t.CommitmentId, t.Key }).IsUnique();   // loaded with their commitment; each written once
    }
}
