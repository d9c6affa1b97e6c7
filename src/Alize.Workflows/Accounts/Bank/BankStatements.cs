using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>What came of a file.</summary>
/// <param name="Statements">The statements imported; empty when it is refused.</param>
/// <param name="Remarks">What to look at, French: a statement seems to be missing between two.</param>
/// <param name="Refusals">What the convention holds against it.</param>
/// <param name="Problems">What is wrong with the file.</param>
public sealed record StatementImport(
    IReadOnlyList<BankStatement> Statements, IReadOnlyList<string> Remarks, IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems);

/// <summary>
/// Takes in statements of the two accounts (R9, R19): a file is imported whole in one transaction, or refused whole with the line
/// and the reason.
/// </summary>
public sealed class BankStatements(AlizeDb db, BankAccounts accounts, Trail trail, ProgrammeClock clock)
{
    public async Task<StatementImport> ImportAsync(Guid programmeId, string fileName, byte[] content, string by, CancellationToken cancel)
    {
        var (read, unreadable) = StatementFile.Read(content);
        if (unreadable is not null) return Refused(unreadable);

        var own = await accounts.AllAsync(programmeId, cancel);
        var ofAccount = read.Select(s => own.FindLast(a => s.IsOf(a.Iban))).ToList();
        var strangers = read.Zip(ofAccount).Where(pair => pair.Second is null)
            .Select(pair => new Refusal("R9", "4", "statement-of-another-account", TypedAccount(pair.First.Account))).Distinct().ToList();
        if (strangers.Count > 0) return new([], [], strangers, []);

        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        if (await AlreadyAsync(programmeId, sha256, read, cancel) is { } already) return Refused(already);

        var statements = new List<BankStatement>();
        var lines = new List<(LineRead Read, BankLine Row)>();
        var twins = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (statement, account) in read.Zip(ofAccount, (s, a) => (s, a!)))
        {
            var row = new BankStatement
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programmeId,
                Account = account.Account,
                Format = statement.Format,
                Key = statement.Key,
                Number = statement.Number,
                From = statement.From,
                To = statement.To,
                Opening = statement.Opening,
                Closing = statement.Closing,
                Lines = statement.Lines.Count,
                FileName = Path.GetFileName(fileName),
                Sha256 = sha256,
                ImportedBy = by,
                ImportedAt = clock.UtcNow,
            };
            statements.Add(row);
            lines.AddRange(statement.Lines.Select((line, at) => (line, Row(row, account, line, at + 1, twins))));
        }

        if (await RepeatedAsync(programmeId, lines, cancel) is { } repeated) return Refused(repeated);

        var remarks = await GapsAsync(programmeId, statements, cancel);
        db.BankStatements.AddRange(statements);
        db.BankLines.AddRange(lines.Select(l => l.Row));
        foreach (var statement in statements)
            trail.Add(
                programmeId, "bank-statement",
                $"Relevé {statement.Number} importé : {FrenchText.Plural(statement.Lines, "opération")}, ancien solde {statement.Opening}, nouveau solde {statement.Closing}", by, subjectId: statement.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // The same file by two hands at once: the database's own keys let one pass, whole.
            db.ChangeTracker.Clear();
            if (await AlreadyAsync(programmeId, sha256, read, cancel) is { } collided) return Refused(collided);
            throw;
        }

        return new(statements, remarks, [], []);
    }

    private static StatementImport Refused(Problem problem) => new([], [], [], [problem]);

    private async Task<Problem?> AlreadyAsync(Guid programmeId, string sha256, IReadOnlyList<StatementRead> read, CancellationToken cancel)
    {
        if (read.GroupBy(s => s.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return new("file", $"Le fichier contient deux fois le relevé {twice.First().Number}. Rien n’a été importé. Demandez à la banque un nouveau fichier.");
        var keys = read.Select(s => s.Key).ToList();
        var known = await db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == programmeId && (s.Sha256 == sha256 || keys.Contains(s.Key)))
            .OrderBy(s => s.To).FirstOrDefaultAsync(cancel);
        if (known is null)
        {
            // The same statement in the other format has another key and other words on its lines.
            var balances = read.Select(s => (s.To, Opening: s.Opening.Cents, Closing: s.Closing.Cents, s.Format)).ToList();
            var (first, last) = (read.Min(s => s.To), read.Max(s => s.To));
            known = (await db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == programmeId && s.To >= first && s.To <= last && s.Lines > 0).ToListAsync(cancel))
                .Find(s => balances.Any(b => b.To == s.To && b.Opening == s.Opening.Cents && b.Closing == s.Closing.Cents && b.Format != s.Format));
        }

        return known is null ? null
            : new("file", $"Le relevé {known.Number} a déjà été importé le {FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(known.ImportedAt)))} par {known.ImportedBy} (fichier « {known.FileName} »). Rien n’a été importé. Choisissez le relevé suivant.");
    }

    /// <summary>A line that is known already means an overlapping statement: counted again, its money would come in twice.</summary>
    private async Task<Problem?> RepeatedAsync(Guid programmeId, List<(LineRead Read, BankLine Row)> lines, CancellationToken cancel)
    {
        if (lines.Count == 0) return null;
        var (first, last) = (lines.Min(l => l.Row.BookedOn), lines.Max(l => l.Row.BookedOn));
        var known = (await db.BankLines.AsNoTracking().Where(l => l.ProgrammeId == programmeId && l.BookedOn >= first && l.BookedOn <= last)
            .Select(l => l.Identity).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);
        var repeated = lines.Where(l => known.Contains(l.Row.Identity)).ToList();
        return repeated.Count == 0 ? null : new("file",
            $"Ligne {repeated[0].Read.Row} : l’opération du {FrenchText.Date(repeated[0].Row.BookedOn)} de {repeated[0].Row.Amount} est déjà dans un relevé importé"
            + (repeated.Count > 1 ? $", et {FrenchText.Plural(repeated.Count - 1, "autre")} avec elle" : "")
            + ". Ce relevé en recouvre un autre : rien n’a été importé. Demandez à la banque un relevé qui commence où le dernier finit.");
    }

    /// <summary>A statement that does not begin where the one before it ended.</summary>
    private async Task<IReadOnlyList<string>> GapsAsync(Guid programmeId, List<BankStatement> imported, CancellationToken cancel)
    {
        var remarks = new List<string>();
        foreach (var account in imported.Select(s => s.Account).Distinct())
        {
            var chain = imported.Where(s => s.Account == account).OrderBy(s => s.From).ThenBy(s => s.To).ToList();
            var start = chain[0].From;
            var before = await db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == programmeId && s.Account == account && s.To <= start)
                .OrderByDescending(s => s.To).ThenByDescending(s => s.From).FirstOrDefaultAsync(cancel);
            foreach (var statement in chain)
            {
                if (before is not null && before.Closing != statement.Opening)
                    remarks.Add(FrenchText.Typeset($"Le relevé {statement.Number} commence à {statement.Opening} alors que le précédent ({before.Number}) finissait à {before.Closing} : il manque sans doute un relevé entre les deux."));
                before = statement;
            }
        }

        return remarks;
    }

    private static BankLine Row(BankStatement statement, BankAccount account, LineRead line, int number, Dictionary<string, int> twins)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{account.Iban}|{line.BookedOn:yyyyMMdd}|{line.ValueOn:yyyyMMdd}|{line.Amount.Cents}|{line.BankReference}|{line.EndToEndId}|{line.CounterpartyIban}|{line.Counterparty}|{line.Text}");
        // Two fees of the same day may be the same to the letter: the second is the second.
        twins[said] = twins.GetValueOrDefault(said) + 1;
        return new BankLine
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = statement.ProgrammeId,
            StatementId = statement.Id,
            Account = statement.Account,
            Number = number,
            Identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{said}|{twins[said]}"))),
            BookedOn = line.BookedOn,
            ValueOn = line.ValueOn,
            Amount = line.Amount,
            Counterparty = line.Counterparty,
            CounterpartyIban = line.CounterpartyIban,
            Text = line.Text,
            EndToEndId = line.EndToEndId,
            BankReference = line.BankReference,
        };
    }

    private static string TypedAccount(string account) => Iban.TryParse(account, out var iban, out _) ? iban.ToString() : account;
}
