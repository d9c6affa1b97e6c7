using Alize.Data.Documents;
using Alize.Data.Tests.Databases;
using Alize.Data.Tests.Workflow;
using Alize.Data.Workflow;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Tests;

[Trait("Rule", "R19")]
public sealed class AppendOnlyTests(TestDatabases databases) : DatabaseTests(databases, DatabaseProvider.Sqlite)
{
    public static TheoryData<Type> Kinds =>
        [typeof(AuditEntry), typeof(CommitteeDecision), typeof(JournalEntry), typeof(JournalLine), typeof(JournalPack), typeof(PeriodClosing), typeof(SignatureEvidence), typeof(StageChange), typeof(StoredDocument), typeof(TemplateVersion), typeof(TimeLogged), typeof(Vote)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_has_happened_is_never_changed(Type kind)
    {
        var refused = await RefusalAsync(kind, EntityState.Modified);

        Assert.Contains($"{kind.Name} '", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is append-only and cannot be changed", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("instead.", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_has_happened_is_never_deleted(Type kind)
    {
        var refused = await RefusalAsync(kind, EntityState.Deleted);

        Assert.Contains("is append-only and cannot be deleted", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_journals_of_the_engine_may_leave_by_a_plain_delete()
    {
        await Database.AddAsync(StoredSamples.Pack("i1"));

        Assert.Equal(1, await Database.WithDbAsync(db => db.JournalPacks.Where(p => p.At <= Sample.At).ExecuteDeleteAsync(Cancel)));
    }

    [Fact]
    public async Task What_the_bank_sent_and_was_sent_is_never_changed()
    {
        var sample = new Sample();
        await Database.AddAsync([.. sample.Everything(), .. sample.Bank()]);
        await Database.WithDbAsync(async db =>
        {
            object[] kept = [await db.BankAccounts.SingleAsync(Cancel), await db.PayeeAccounts.SingleAsync(Cancel), await db.TransferFiles.SingleAsync(Cancel), await db.BankStatements.SingleAsync(Cancel)];
            foreach (var row in kept)
            {
                db.Entry(row).State = EntityState.Modified;
                Assert.Contains("append-only", (await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Cancel))).Message, StringComparison.Ordinal);
                db.Entry(row).State = EntityState.Unchanged;
            }

            return true;
        });
    }

    private async Task<InvalidOperationException> RefusalAsync(Type kind, EntityState state)
    {
        var sample = new Sample();
        sample.TheProject.Enter(ProjectStage.Eligibility, Sample.At, "Opératrice", "Complet");
        await Database.AddAsync([.. sample.Everything(), StoredSamples.Pack("i1")]);
        return await Database.WithDbAsync(async db =>
        {
            await db.AuditEntries.LoadAsync(Cancel);
            await db.Decisions.LoadAsync(Cancel);
            await db.JournalEntries.LoadAsync(Cancel);
            await db.PeriodClosings.LoadAsync(Cancel);
            await db.JournalPacks.LoadAsync(Cancel);
            if (kind == typeof(TimeLogged)) await db.CompetenceCommitments.LoadAsync(Cancel);
            await db.Projects.LoadAsync(Cancel);
            await db.Documents.LoadAsync(Cancel);
            await db.SignatureEvidence.LoadAsync(Cancel);
            await db.TemplateVersions.LoadAsync(Cancel);
            db.ChangeTracker.Entries().First(e => e.Metadata.ClrType == kind).State = state;
            await Assert.ThrowsAsync<InvalidOperationException>(() => Task.FromResult(db.SaveChanges()));
            return await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Cancel));
        });
    }
}
