using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>One aid of a single undertaking, as it counts.</summary>
/// <param name="Grant">Day and amounts.</param>
/// <param name="Company">The company that received it.</param>
/// <param name="Origin">Who granted it.</param>
/// <param name="DecisionId">The decision of this programme; null for an aid declared.</param>
public sealed record CountedAid(DeMinimisGrant Grant, string Company, string Origin, Guid? DecisionId);

/// <summary>The answer of a day: what the undertaking received, and what may still be granted in both readings of competence days.</summary>
/// <param name="On">The day.</param>
/// <param name="Position">The reading that decides.</param>
/// <param name="Other">The other reading.</param>
/// <param name="Aids">All aids known, oldest first; those before <see cref="DeMinimisPosition.From"/> no longer count.</param>
/// <param name="Undertaking">Names of the companies that form it.</param>
public sealed record AidOnDay(DateOnly On, DeMinimisPosition Position, DeMinimisPosition Other, IReadOnlyList<CountedAid> Aids, IReadOnlyList<string> Undertaking);

/// <summary>
/// Aides de minimis of a company (R7c, art. 6.2), by single undertaking and with the law of the day asked for. Everything is read from
/// dated rows, so that the answer of any day can be given again.
/// </summary>
public sealed class StateAid(AlizeDb db, Trail trail, ProgrammeClock clock)
{
    /// <summary>Where the undertaking stood on a day, for a decision of that day.</summary>
    /// <param name="companyId">The company.</param>
    /// <param name="day">The day.</param>
    /// <param name="without">A decision to leave out: the one that is being looked at.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<AidOnDay> OnAsync(Guid companyId, DateOnly day, Guid? without, CancellationToken cancel)
    {
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == companyId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == company.ProgrammeId, cancel);
        var links = await db.CompanyLinks.AsNoTracking().Where(l => l.ProgrammeId == programme.Id).ToListAsync(cancel);
        var undertaking = SingleUndertaking.Of(companyId, links.Select(l => l.Link)).ToList();
        var names = await db.Companies.AsNoTracking().Where(c => undertaking.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var aids = await DeclaredAsync(undertaking, names, cancel);
        aids.AddRange(await GrantedAsync(programme, undertaking, names, without, cancel));
        var known = aids.Where(a => a.Grant.GrantedOn <= day).OrderBy(a => a.Grant.GrantedOn).ToList();
        var counts = programme.SettingsOn(day).CompetencesCountAsAid;
        return new(
            day, DeMinimis.PositionOn(day, known.Select(a => a.Grant), company.AccountsCloseOn, counts), DeMinimis.PositionOn(day, known.Select(a => a.Grant), company.AccountsCloseOn, !counts),
            known, [.. names.Values.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Gross grant equivalent of an advance granted on a day; null when no base rate of that day is known.</summary>
    public async Task<Money?> GrantOfAsync(Programme programme, RepayableAdvance advance, DateOnly grantedOn, CancellationToken cancel) =>
        ReferenceRates.On(await RatesAsync(programme, cancel), grantedOn) is { } rate && !advance.Refusals().Any() ? GrossGrantEquivalent.Of(advance, rate) : null;

    /// <summary>What keeps a day's base rate from being trusted.</summary>
    public async Task<IReadOnlyList<Refusal>> RateRefusalsAsync(Programme programme, DateOnly grantedOn, CancellationToken cancel) =>
        [.. ReferenceRates.Refusals(await RatesAsync(programme, cancel), grantedOn)];

    /// <summary>The base rates known: those shipped, those of the programme's settings and those the operator entered; the last wins a day.</summary>
    public async Task<IReadOnlyList<BaseRate>> RatesAsync(Programme programme, CancellationToken cancel)
    {
        var entered = await db.BaseRates.AsNoTracking().Where(r => r.ProgrammeId == programme.Id).ToListAsync(cancel);
        var agreed = programme.Settings.Where(s => s.BaseRateBasisPoints is not null).Select(s => new BaseRate(s.From, s.BaseRateBasisPoints!.Value, s.BaseRateSource));
        return [.. ReferenceRates.KnownFrench.Concat(agreed).Concat(entered.Select(r => r.Rate)).GroupBy(r => r.From).Select(g => g.Last()).OrderBy(r => r.From)];
    }

    /// <summary>Enters a base rate. Empty: entered.</summary>
    public async Task<IReadOnlyList<Problem>> EnterRateAsync(Guid programmeId, DateOnly from, int basisPoints, string source, string by, CancellationToken cancel)
    {
        if (basisPoints is < -100 or > 2_000) return [new("rate", "Un taux de base est entre −1 % et 20 %. Écrivez par exemple 2,18.")];
        if (string.IsNullOrWhiteSpace(source)) return [new("source", "Indiquez où le taux est publié : il sera relu lors d’un contrôle.")];
        if (await db.BaseRates.AnyAsync(r => r.ProgrammeId == programmeId && r.From == from, cancel))
            return [new("from", $"Un taux est déjà enregistré au {FrenchText.Short(from)}. Rien n’a été changé.")];
        db.BaseRates.Add(new() { Id = Guid.CreateVersion7(), ProgrammeId = programmeId, From = from, BasisPoints = basisPoints, Source = source.Trim(), EnteredBy = by });
        trail.Add(programmeId, "base-rate", $"Taux de base {FrenchText.PercentOfBasisPoints(basisPoints)} au {FrenchText.Short(from)} : {source.Trim()}", by);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>Records an aid that somebody else granted. Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> DeclareAsync(Guid companyId, DateOnly grantedOn, Money amount, string grantor, string by, CancellationToken cancel)
    {
        var company = await db.Companies.SingleAsync(c => c.Id == companyId, cancel);
        if (amount <= Money.Zero) return [new("amount", "Indiquez l’équivalent-subvention de l’aide, en euros.")];
        if (grantedOn > clock.Today) return [new("grantedOn", "L’aide doit déjà être accordée. Corrigez la date.")];
        if (string.IsNullOrWhiteSpace(grantor)) return [new("grantor", "Indiquez qui l’a accordée, et la pièce qui le dit.")];
        db.DeclaredAids.Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = company.ProgrammeId,
            CompanyId = companyId,
            GrantedOn = grantedOn,
            Amount = amount,
            Grantor = grantor.Trim(),
            RecordedBy = by,
        });
        trail.Add(company.ProgrammeId, "declared-aid", $"Aide de minimis de {amount} déclarée par {company.Name}, accordée le {FrenchText.Short(grantedOn)} par {grantor.Trim()}", by, subjectId: companyId);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>Records the last day of the company's fiscal year, « 30/06 ». Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> CloseAccountsOnAsync(Guid companyId, string text, string by, CancellationToken cancel)
    {
        // A leap year, so that 29 February is a day; the last of a month stays the last of it in every year.
        if (!DateOnly.TryParseExact($"{text.Trim()}/2024", ["dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return [new("closing", $"« {text} » n’est pas un jour et un mois. Écrivez par exemple 30/06.")];
        var company = await db.Companies.SingleAsync(c => c.Id == companyId, cancel);
        var closing = new FiscalYearEnd(day.Month, day.Day);
        if (company.AccountsCloseOn == closing) return [];
        company.AccountsCloseOn = closing;
        trail.Add(company.ProgrammeId, "company", string.Create(CultureInfo.InvariantCulture, $"{company.Name} clôt son exercice le {day:dd/MM}"), by, subjectId: companyId);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>Records that one company holds another. Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> LinkAsync(Guid companyId, Guid heldId, int votesBasisPoints, bool isControl, string evidence, string by, CancellationToken cancel)
    {
        var company = await db.Companies.SingleAsync(c => c.Id == companyId, cancel);
        if (heldId == companyId || await db.Companies.SingleOrDefaultAsync(c => c.Id == heldId && c.ProgrammeId == company.ProgrammeId, cancel) is not { } held)
            return [new("heldId", "Choisissez une autre entreprise de la liste.")];
        if (votesBasisPoints is < 0 or > 10_000) return [new("votes", "La part des voix est entre 0 et 100 %.")];
        if (string.IsNullOrWhiteSpace(evidence)) return [new("evidence", "Indiquez la pièce qui montre ce lien.")];
        if (await db.CompanyLinks.AnyAsync(l => l.HolderId == companyId && l.HeldId == heldId, cancel)) return [new("heldId", "Ce lien est déjà enregistré. Rien n’a été changé.")];
        db.CompanyLinks.Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = company.ProgrammeId,
            HolderId = companyId,
            HeldId = heldId,
            VotesBasisPoints = votesBasisPoints,
            IsControl = isControl,
            Evidence = evidence.Trim(),
        });
        trail.Add(company.ProgrammeId, "company-link", $"{company.Name} détient {FrenchText.PercentOfBasisPoints(votesBasisPoints)} des voix de {held.Name}", by, subjectId: companyId);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    private async Task<List<CountedAid>> DeclaredAsync(List<Guid> undertaking, Dictionary<Guid, string> names, CancellationToken cancel)
    {
        var declared = await db.DeclaredAids.AsNoTracking().Where(a => undertaking.Contains(a.CompanyId)).ToListAsync(cancel);
        var detected = await db.Projects.AsNoTracking().Where(p => undertaking.Contains(p.CompanyId))
            .Select(p => new { p.CompanyId, p.DetectedOn, p.DeclaredDeMinimis, p.Number }).ToListAsync(cancel);
        return
        [
            .. declared.Select(a => new CountedAid(new(a.GrantedOn, a.Amount), names[a.CompanyId], a.Grantor, null)),
            .. detected.Where(p => p.DeclaredDeMinimis > Money.Zero)
                .Select(p => new CountedAid(new(p.DetectedOn, p.DeclaredDeMinimis), names[p.CompanyId], $"Déclaré avec le projet {p.Number}", null)),
        ];
    }

    private async Task<List<CountedAid>> GrantedAsync(Programme programme, List<Guid> undertaking, Dictionary<Guid, string> names, Guid? without, CancellationToken cancel)
    {
        var decisions = await db.DecisionsInForce.AsNoTracking()
            .Where(d => d.Outcome == DecisionOutcome.Approved && d.Id != without)
            .Join(db.Projects.Where(p => undertaking.Contains(p.CompanyId)), d => d.ProjectId, p => p.Id, (d, p) => new { Decision = d, p.CompanyId, p.Number })
            .ToListAsync(cancel);
        var granted = new List<CountedAid>();
        foreach (var row in decisions)
        {
            var decision = row.Decision;
            var settings = programme.SettingsOn(decision.DecidedOn);
            var grant = decision.Advance > Money.Zero
                ? await GrantOfAsync(programme, new(decision.Advance, decision.Months, decision.DeferralMonths, settings.DeferralCountsInside), decision.DecidedOn, cancel) ?? Money.Zero
                : Money.Zero;
            var halfDays = await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id).SumAsync(c => c.HalfDays, cancel);
            granted.Add(new(new(decision.DecidedOn, grant, CompetenceValue.Of(halfDays, settings.DayRate)), names[row.CompanyId], $"ALIZÉ, projet {row.Number}", decision.Id));
        }

        return granted;
    }
}
