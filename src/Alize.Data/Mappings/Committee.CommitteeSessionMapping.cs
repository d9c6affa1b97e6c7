using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CommitteeSessionMapping : IEntityTypeConfiguration<CommitteeSession>
{
    public void Configure(EntityTypeBuilder<CommitteeSession> session)
    {
        session.ToTable("CommitteeSessions").HasGivenId();
        session.BelongsToProgramme();
        session.HasOne<Contact>().WithMany().ByKey(s => s.ChairContactId);
        session.Ignore(s => s.EndsAt);
        session.HasParts(s => s.Invitees, i => i.SessionId);
        session.HasParts(s => s.Agenda, a => a.SessionId);
        session.HasIndex(s => new { s.ProgrammeId, s.Kind, s.StartsAt });   // the next session of a committee
    }
}

internal sealed class SessionInviteeMapping : IEntityTypeConfiguration<SessionInvitee>
{
    public void Configure(EntityTypeBuilder<SessionInvitee> invitee)
    {
        invitee.ToTable("SessionInvitees");
        invitee.HasOne<Contact>().WithMany().ByKey(i => i.ContactId);
        invitee.HasOne<Partner>().WithMany().ByKey(i => i.PartnerId);
        invitee.HasIndex(i => new { i.SessionId, i.ContactId }).IsUnique();   // loaded with their session; invited once
    }
}

internal sealed class AgendaItemMapping : IEntityTypeConfiguration<AgendaItem>
{
    public void Configure(EntityTypeBuilder<AgendaItem> item)
    {
        item.ToTable("AgendaItems");
        item.HasOne<CompanyProject>().WithMany().ByKey(i => i.ProjectId);
        item.HasIndex(i => new { i.SessionId, i.ProjectId }).IsUnique();   // loaded with their session; decided on once
        item.HasIndex(i => i.ProjectId);                                   // the sessions a project came before
    }
}
