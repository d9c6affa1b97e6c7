using Alize.Domain.Accounts;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class BankAccountMapping : IEntityTypeConfiguration<BankAccount>
{
    public void Configure(EntityTypeBuilder<BankAccount> account)
    {
        account.ToTable("BankAccounts").HasGivenId();
        account.BelongsToProgramme();
        account.HasIndex(a => a.ProgrammeId);   // a programme's two accounts
    }
}

internal sealed class PayeeAccountMapping : IEntityTypeConfiguration<PayeeAccount>
{
    public void Configure(EntityTypeBuilder<PayeeAccount> account)
    {
        account.ToTable("PayeeAccounts").HasGivenId();
        account.BelongsToProgramme();
        account.HasOne<Company>().WithMany().ByKey(a => a.CompanyId);
        account.HasIndex(a => new { a.CompanyId, a.RecordedAt });   // the newest of a company
        account.HasIndex(a => a.ProgrammeId);                       // all, to know who paid by the IBAN
    }
}

internal sealed class PaymentOrderMapping : IEntityTypeConfiguration<PaymentOrder>
{
    public void Configure(EntityTypeBuilder<PaymentOrder> order)
    {
        order.ToTable("PaymentOrders").HasGivenId();
        order.BelongsToProgramme();
        order.HasOne<GrantedAdvance>().WithMany().ByKey(o => o.AdvanceId);
        order.HasOne<Company>().WithMany().ByKey(o => o.CompanyId);
        order.HasOne<CompanyProject>().WithMany().ByKey(o => o.ProjectId);
        order.HasOne<TransferFile>().WithMany().ByKey(o => o.TransferFileId);
        order.Property(o => o.Version).IsConcurrencyToken();
        order.Ignore(o => o.EndToEndId);
        order.HasIndex(o => new { o.AdvanceId, o.Attempt }).IsUnique();      // a payment is under way once
        order.HasIndex(o => new { o.ProgrammeId, o.State });                 // what is to be released, what is awaited
        order.HasIndex(o => o.TransferFileId);                               // what a file holds
    }
}

internal sealed class TransferFileMapping : IEntityTypeConfiguration<TransferFile>
{
    public void Configure(EntityTypeBuilder<TransferFile> file)
    {
        file.ToTable("TransferFiles").HasGivenId();
        file.BelongsToProgramme();
        file.Property(f => f.MessageId).HasMaxLength(35);   // ISO 20022, Max35Text
        file.Property(f => f.Sha256).HasMaxLength(Lengths.Hash);
        file.HasIndex(f => new { f.ProgrammeId, f.MessageId }).IsUnique();   // the same orders never leave twice
        file.HasIndex(f => new { f.ProgrammeId, f.ReleasedAt });             // the list, newest first
    }
}

internal sealed class BankStatementMapping : IEntityTypeConfiguration<BankStatement>
{
    public void Configure(EntityTypeBuilder<BankStatement> statement)
    {
        statement.ToTable("BankStatements").HasGivenId();
        statement.BelongsToProgramme();
        statement.Property(s => s.Key).HasMaxLength(Lengths.Key);
        statement.Property(s => s.Sha256).HasMaxLength(Lengths.Hash);
        statement.HasIndex(s => new { s.ProgrammeId, s.Key }).IsUnique();      // a statement is imported once
        statement.HasIndex(s => new { s.ProgrammeId, s.Sha256 });              // and a file
        statement.HasIndex(s => new { s.ProgrammeId, s.Account, s.To });       // the newest of an account
    }
}

internal sealed class BankLineMapping : IEntityTypeConfiguration<BankLine>
{
    public void Configure(EntityTypeBuilder<BankLine> line)
    {
        line.ToTable("BankLines").HasGivenId();
        line.BelongsToProgramme();
        line.HasOne<BankStatement>().WithMany().ByKey(l => l.StatementId);
        line.Property(l => l.Identity).HasMaxLength(Lengths.Hash);
        line.Property(l => l.Version).IsConcurrencyToken();
        line.Ignore(l => l.Remaining);
        line.HasIndex(l => new { l.ProgrammeId, l.Identity }).IsUnique();               // a line is imported once, whatever its statement
        line.HasIndex(l => new { l.ProgrammeId, l.BookedOn, l.Id });                    // lines without counterpart, oldest first
        line.HasIndex(l => new { l.StatementId, l.Number }).IsUnique();                 // a statement's lines
    }
}

internal sealed class BankMatchMapping : IEntityTypeConfiguration<BankMatch>
{
    public void Configure(EntityTypeBuilder<BankMatch> match)
    {
        match.ToTable("BankMatches").HasGivenId();
        match.BelongsToProgramme();
        match.HasOne<BankLine>().WithMany().ByKey(m => m.LineId);
        match.HasIndex(m => m.LineId);                                 // what a line turned out to be
        match.HasIndex(m => new { m.ProgrammeId, m.ConfirmedAt });     // the latest
    }
}
