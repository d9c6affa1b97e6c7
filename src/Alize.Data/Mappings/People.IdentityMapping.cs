using Alize.Data.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Mappings;

/// <summary>Accounts: the framework's tables, with keys short enough for every database, and our members.</summary>
internal static class IdentityMapping
{
    // Three such texts together stay below SQL Server's 900 bytes.
    private const int KeyPart = 128;

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<AlizeUser>(user =>
        {
            user.ToTable("Users");
            user.Property(u => u.Id).HasMaxLength(KeyPart);
        });
        builder.Entity<IdentityRole>(role =>
        {
            role.ToTable("Roles");
            role.Property(r => r.Id).HasMaxLength(KeyPart);
        });
        builder.Entity<IdentityUserRole<string>>(role =>
        {
            role.ToTable("UserRoles");
            role.HasIndex(r => r.RoleId);   // who holds a role
        });
        builder.Entity<IdentityUserClaim<string>>(claim =>
        {
            claim.ToTable("UserClaims");
            claim.HasIndex(c => c.UserId);   // read at sign-in
        });
        builder.Entity<IdentityRoleClaim<string>>(claim =>
        {
            claim.ToTable("RoleClaims");
            claim.HasIndex(c => c.RoleId);   // read at sign-in
        });
        builder.Entity<IdentityUserLogin<string>>(login =>
        {
            login.ToTable("UserLogins");
            login.Property(l => l.LoginProvider).HasMaxLength(KeyPart);
            login.Property(l => l.ProviderKey).HasMaxLength(KeyPart);
            login.HasIndex(l => l.UserId);   // the ways somebody may sign in
        });
        builder.Entity<IdentityUserToken<string>>(token =>
        {
            token.ToTable("UserTokens");
            token.Property(t => t.LoginProvider).HasMaxLength(KeyPart);
            token.Property(t => t.Name).HasMaxLength(KeyPart);
        });
        builder.Entity<ProgrammeMember>(member =>
        {
            member.ToTable("ProgrammeMembers").HasKey(m => new { m.UserId, m.ProgrammeId, m.Role });
            member.HasOne<AlizeUser>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
            member.BelongsToProgramme();
            member.HasIndex(m => m.ProgrammeId);   // a programme's people
        });
    }
}
