using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class GrantedAdvanceMapping : IEntityTypeConfiguration<GrantedAdvance>
{
    public void Configure(EntityTypeBuilder<GrantedAdvance> advance)
    {
        advance.ToTable("Advances").HasGivenId();
        advance.BelongsToProgramme();
        advance.HasOne<CompanyProject>().WithMany().ByKey(a => a.ProjectId);
        advance.HasOne<Company>().WithMany().ByKey(a => a.CompanyId);
        advance.HasOne<CommitteeDecision>().WithMany().ByKey(a => a.DecisionId);
        advance.HasParts(a => a.Installments, i => i.AdvanceId);
        advance.HasParts(a => a.Received, r => r.AdvanceId);
        advance.HasParts(a => a.Payouts, p => p.AdvanceId);
        advance.HasParts(a => a.Rulings, r => r.AdvanceId);
        advance.HasParts(a => a.Returns, r => r.AdvanceId);
        advance.Ignore(a => a.Superseded);
        advance.Property(a => a.Reference).HasMaxLength(Lengths.Name);
        advance.Property(a => a.Version).IsConcurrencyToken();
        advance.HasIndex(a => new { a.ProgrammeId, a.Reference }).IsUnique();   // the advance a transfer names
        advance.HasIndex(a => a.ProjectId);                                     // a project's advance
        advance.HasIndex(a => a.CompanyId);                                     // what a company still owes
    }
}

internal sealed class InstallmentMapping : IEntityTypeConfiguration<Installment>
{
    public void Configure(EntityTypeBuilder<Installment> installment)
    {
        installment.ToTable("Installments").HasGivenId();
        installment.HasIndex(i => new { i.AdvanceId, i.Number }).IsUnique();    // loaded with their advance, in order
        installment.HasIndex(i => new { i.ProgrammeId, i.CollectOn });          // what is due, and what is late, by day
    }
}

internal sealed class RepaymentReceivedMapping : IEntityTypeConfiguration<RepaymentReceived>
{
    public void Configure(EntityTypeBuilder<RepaymentReceived> received)
    {
        received.ToTable("RepaymentsReceived").HasGivenId();
        received.HasIndex(r => r.AdvanceId);                               // loaded with their advance
        received.HasIndex(r => new { r.ProgrammeId, r.ReceivedOn });       // what came in over a year
    }
}

internal sealed class AdvancePayoutMapping : IEntityTypeConfiguration<AdvancePayout>
{
    public void Configure(EntityTypeBuilder<AdvancePayout> payout)
    {
        payout.ToTable("AdvancePayouts").HasGivenId();
        payout.HasIndex(p => new { p.AdvanceId, p.Number }).IsUnique();    // loaded with their advance; a part is paid once
        payout.HasIndex(p => new { p.ProgrammeId, p.PaidOn });             // what was paid over a year
    }
}

internal sealed class AdvanceRulingMapping : IEntityTypeConfiguration<AdvanceRuling>
{
    public void Configure(EntityTypeBuilder<AdvanceRuling> ruling)
    {
        ruling.ToTable("AdvanceRulings").HasGivenId();
        ruling.HasOne<CommitteeSession>().WithMany().ByKey(r => r.SessionId);
        ruling.HasIndex(r => r.AdvanceId);                                 // loaded with their advance
        ruling.HasIndex(r => r.SessionId);                                 // what a session decided
    }
}

internal sealed class ExcessReturnMapping : IEntityTypeConfiguration<ExcessReturn>
{
    public void Configure(EntityTypeBuilder<ExcessReturn> excess)
    {
        excess.ToTable("ExcessReturns").HasGivenId();
        excess.HasIndex(r => r.AdvanceId);                                 // loaded with their advance
    }
}
