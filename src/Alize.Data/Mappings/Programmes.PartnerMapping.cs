using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class PartnerMapping : IEntityTypeConfiguration<Partner>
{
    public void Configure(EntityTypeBuilder<Partner> partner)
    {
        partner.ToTable("Partners").HasGivenId();
        partner.BelongsToProgramme();
        partner.HasIndex(p => new { p.ProgrammeId, p.Kind });   // a programme's partners, and those of one kind
    }
}

internal sealed class ContactMapping : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.ToTable("Contacts").HasGivenId();
        contact.BelongsToProgramme();
        contact.HasOne<Partner>().WithMany().ByKey(c => c.PartnerId);
        contact.HasOne<Company>().WithMany().ByKey(c => c.CompanyId);
        contact.Property(c => c.Email).HasMaxLength(254);   // RFC 5321
        contact.Property(c => c.Language).HasMaxLength(Lengths.Name);
        contact.HasIndex(c => new { c.ProgrammeId, c.Role });    // who is invited, who chairs
        contact.HasIndex(c => c.PartnerId);                      // who speaks for a partner
        contact.HasIndex(c => c.CompanyId);                      // who heads a company
        contact.HasIndex(c => new { c.ProgrammeId, c.Email });   // whose mail came back or asks for a new link
    }
}

internal sealed class SubstitutionMapping : IEntityTypeConfiguration<Substitution>
{
    public void Configure(EntityTypeBuilder<Substitution> substitution)
    {
        substitution.ToTable("Substitutions").HasGivenId();
        substitution.BelongsToProgramme();
        substitution.HasOne<Contact>().WithMany().ByKey(s => s.AbsentContactId);
        substitution.HasOne<Contact>().WithMany().ByKey(s => s.DelegateContactId);
        substitution.HasIndex(s => new { s.ProgrammeId, s.Until });   // who is away, each time a mail is written
    }
}

internal sealed class PledgeMapping : IEntityTypeConfiguration<Pledge>
{
    public void Configure(EntityTypeBuilder<Pledge> pledge)
    {
        pledge.ToTable("Pledges").HasGivenId();
        pledge.BelongsToProgramme();
        pledge.HasOne<Partner>().WithMany().ByKey(p => p.PartnerId);
        pledge.HasIndex(p => new { p.ProgrammeId, p.Year });   // the year's call for funds, the term's total
    }
}
