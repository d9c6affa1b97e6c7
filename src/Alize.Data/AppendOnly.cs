using Alize.Data.Documents;
using Alize.Data.Workflow;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Alize.Data;

/// <summary>
/// What has happened is never changed (R19, art. 5.3): the trail, the books, votes, decisions, stages and the engine's journal
/// are written once. Old engine journals leave by the retention job's own delete statement, which does not pass here.
/// </summary>
internal static class AppendOnly
{
    private static readonly Dictionary<Type, string> WayOut = new()
    {
        [typeof(AdvancePayout)] = "book a receipt",
        [typeof(AdvanceRuling)] = "record a later decision on the advance",
        [typeof(AuditEntry)] = "write a new line that says what is now true",
        [typeof(BankAccount)] = "enter the account anew",
        [typeof(BankStatement)] = "import another statement",
        [typeof(CommitteeDecision)] = "record a later decision on the project",
        [typeof(JournalEntry)] = "book a reversing entry",
        [typeof(JournalLine)] = "book a reversing entry",
        [typeof(JournalPack)] = "write a new one",
        [typeof(PeriodClosing)] = "correct in the open period",
        [typeof(PayeeAccount)] = "enter the account anew",
        [typeof(SignatureEvidence)] = "write a further line",
        [typeof(Recusal)] = "record a later decision on the project",
        [typeof(Reopening)] = "record a later decision on the project",
        [typeof(RetentionEntry)] = "leave it as it is",
        [typeof(StageChange)] = "enter another stage",
        [typeof(StoredDocument)] = "make another document",
        [typeof(TemplateVersion)] = "save another version",
        [typeof(TimeLogged)] = "take the line back by another one",
        [typeof(TransferFile)] = "release other orders",
        [typeof(Vote)] = "record a later decision on the project",
    };

    /// <exception cref="InvalidOperationException">Something append-only was changed or deleted: a bug of the caller.</exception>
    public static void Guard(ChangeTracker tracker)
    {
        foreach (var entry in tracker.Entries())
        {
            if (entry.State is not (EntityState.Modified or EntityState.Deleted)) continue;
            if (!WayOut.TryGetValue(entry.Metadata.ClrType, out var wayOut)) continue;
            var asked = entry.State == EntityState.Modified ? "changed" : "deleted";
            throw new InvalidOperationException(
                $"{entry.Metadata.ClrType.Name} '{string.Join(", ", entry.Metadata.FindPrimaryKey()!.Properties.Select(p => entry.CurrentValues[p]))}' is append-only and cannot be {asked}: {wayOut} instead.");
        }
    }
}
