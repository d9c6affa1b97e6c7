using Alize.Domain.Eligibility;
using Alize.Domain.Results;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class JobSurveyMapping : IEntityTypeConfiguration<JobSurvey>
{
    public void Configure(EntityTypeBuilder<JobSurvey> survey)
    {
        survey.ToTable("JobSurveys").HasGivenId();
        survey.BelongsToProgramme();
        survey.HasOne<CompanyProject>().WithMany().ByKey(s => s.ProjectId);
        survey.HasIndex(s => new { s.ProjectId, s.MonthsAfter }).IsUnique();   // asked once at 12, 24 and 36 months
        survey.HasIndex(s => s.ProgrammeId);                                   // jobs created in the programme
    }
}
