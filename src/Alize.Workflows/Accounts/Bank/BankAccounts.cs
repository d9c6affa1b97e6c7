using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>The bank accounts of a programme's two accounts (R9, art. 4): one IBAN each, never the same.</summary>
public sealed class BankAccounts(AlizeDb db, Trail trail, ProgrammeClock clock)
{
    /// <summary>All ever entered, the newest of each account last: an old statement finds its account.</summary>
    public Task<List<BankAccount>> AllAsync(Guid programmeId, CancellationToken cancel) =>
        db.BankAccounts.AsNoTracking().Where(a => a.ProgrammeId == programmeId).OrderBy(a => a.RecordedAt).ThenBy(a => a.Id).ToListAsync(cancel);

    /// <summary>The one in use. Null: not entered yet.</summary>
    public async Task<BankAccount?> OfAsync(Guid programmeId, FundAccount account, CancellationToken cancel) =>
        (await AllAsync(programmeId, cancel)).LastOrDefault(a => a.Account == account);

    /// <summary>Enters the bank account of one of the two, from today on. Nothing is written when it is refused.</summary>
    public async Task<(IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems)> EnterAsync(
        Guid programmeId, FundAccount account, string holder, string iban, string bic, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        if (holder.Trim().Length is 0 or > 140) problems.Add(new("holder", "Indiquez le titulaire du compte, comme sur le relevé d’identité bancaire."));
        if (!Iban.TryParse(iban, out var read, out var wrongIban)) problems.Add(new("iban", wrongIban));
        if (BicCode.Problem(bic, out var code) is { } wrongBic) problems.Add(new("bic", wrongBic));
        if (problems.Count > 0) return ([], problems);

        var known = await AllAsync(programmeId, cancel);
        var refusals = BankAccount.Refusals(account, read, known).ToList();
        if (refusals.Count > 0) return (refusals, []);
        var before = known.LastOrDefault(a => a.Account == account);
        if (before is not null && before.Iban == read.Compact && before.Bic == code && before.Holder == holder.Trim()) return ([], []);

        db.BankAccounts.Add(new BankAccount
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Account = account,
            Holder = holder.Trim(),
            Iban = read.Compact,
            Bic = code,
            From = clock.Today,
            RecordedBy = by,
            RecordedAt = clock.UtcNow,
        });
        trail.Add(programmeId, "bank-account", $"Compte bancaire {(account == FundAccount.Advances ? "du fonds d’avances" : "des frais de fonctionnement")} {(before is null ? "enregistré" : "changé")}, IBAN finissant par {read.Compact[^4..]}", by);
        await db.SaveChangesAsync(cancel);
        return ([], []);
    }
}
