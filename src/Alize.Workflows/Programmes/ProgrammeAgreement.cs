using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>New settings as typed.</summary>
public sealed record SettingsForm(
    DateOnly? From, string DayRate, string MinimumOwnSharePercent, string MobilisationWorkingDays, bool DeferralCountsInside, bool CompetencesCountAsAid,
    bool IsAlsaceMoselle, bool CdcCountsOwn);

/// <summary>One thing that a row of settings changes, and what that means for projects.</summary>
public sealed record SettingChange(string Label, string Before, string After, string Effect);

/// <summary>What a territory agrees on: its communes, its objectives (R17), and the settings that hold from a day on.</summary>
public sealed class ProgrammeAgreement(AlizeDb db, Trail trail, ProgrammeClock clock)
{
    public async Task DescribeTerritoryAsync(Guid programmeId, string communes, string by, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        var before = programme.Communes;
        var after = CommuneNames.Read(communes);
        if (before.SequenceEqual(after)) return;
        programme.Communes = after;
        List<string> changes = [];
        if (after.Except(before).ToList() is { Count: > 0 } added) changes.Add($"avec {FrenchText.List(added)}");
        if (before.Except(after).ToList() is { Count: > 0 } removed) changes.Add($"sans {FrenchText.List(removed)}");
        trail.Add(programmeId, "programme", $"Territoire : {FrenchText.Plural(after.Count, "commune")}, désormais {string.Join(" et ", changes)}", by, subjectId: programmeId);
        await db.SaveChangesAsync(cancel);
    }

    public async Task<IReadOnlyList<Problem>> AimAsync(Guid programmeId, string projects, string jobs, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        var x = Whole("projects", projects, 100_000, problems);
        var y = Whole("jobs", jobs, 1_000_000, problems);
        if (problems.Count > 0) return problems;
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        if ((programme.TargetProjects, programme.TargetJobs) == (x, y)) return [];
        trail.Add(
            programmeId, "programme",
            $"Objectifs de l’article 3 : {FrenchText.Plural(x, "projet")} et {FrenchText.Plural(y, "emploi")}, au lieu de {programme.TargetProjects} et {programme.TargetJobs}",
            by, subjectId: programmeId);
        (programme.TargetProjects, programme.TargetJobs) = (x, y);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>Adds a row that holds from its day on. The rows before stay: what was decided under them was decided under them.</summary>
    public async Task<IReadOnlyList<Problem>> AgreeAsync(Guid programmeId, SettingsForm form, string by, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        var problems = new List<Problem>();
        if (form.From is not { } from) problems.Add(new("from", "Indiquez le premier jour où ces règles s’appliquent."));
        else if (from < clock.Today) problems.Add(new("from", $"Ce jour est passé : ce qui a été décidé depuis l’a été selon les règles d’alors. Choisissez le {FrenchText.Date(clock.Today)} ou après."));
        else if (programme.Settings.Any(s => s.From == from)) problems.Add(new("from", $"Des règles sont déjà convenues pour le {FrenchText.Date(from)}, et ne se réécrivent pas. Choisissez un autre jour."));
        if (!Money.TryParse(form.DayRate, out var rate) || rate <= Money.Zero) problems.Add(new("dayRate", $"« {form.DayRate} » n’est pas un montant. Écrivez par exemple 700."));
        var share = Whole("ownShare", form.MinimumOwnSharePercent, 100, problems);
        var days = Whole("mobilisation", form.MobilisationWorkingDays, 250, problems);
        if (problems.Count > 0) return problems;

        var before = programme.SettingsOn(form.From!.Value);
        var after = new ProgrammeSettings
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            From = form.From.Value,
            DayRate = rate,
            MinimumOwnSharePercent = share,
            MobilisationWorkingDays = days,
            DeferralCountsInside = form.DeferralCountsInside,
            CompetencesCountAsAid = form.CompetencesCountAsAid,
            IsAlsaceMoselle = form.IsAlsaceMoselle,
            CdcCountsOwn = form.CdcCountsOwn,
            BaseRateBasisPoints = before.BaseRateBasisPoints,
            BaseRateSource = before.BaseRateSource,
        };
        var changes = Changes(before, after);
        if (changes.Count == 0) return [new("", $"Ces règles sont celles qui s’appliquent déjà le {FrenchText.Date(after.From)}. Rien n’a été ajouté.")];
        programme.Agree(after);
        trail.Add(
            programmeId, "programme",
            $"Règles convenues à partir du {FrenchText.Date(after.From)} : {string.Join(" ; ", changes.Select(c => $"{c.Label.ToLowerInvariant()}, {c.After} au lieu de {c.Before}"))}",
            by, subjectId: programmeId);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>What differs between two rows, with what it does to projects.</summary>
    public static IReadOnlyList<SettingChange> Changes(ProgrammeSettings before, ProgrammeSettings after)
    {
        var changes = new List<SettingChange>();
        Compare("Valeur d’une journée de compétences", before.DayRate.ToString(), after.DayRate.ToString(),
            "Le temps passé à partir de ce jour prend la nouvelle valeur ; le temps déjà consigné garde la sienne (R11).");
        Compare("Part minimale du porteur", FrenchText.Percent(before.MinimumOwnSharePercent), FrenchText.Percent(after.MinimumOwnSharePercent),
            "Les décisions du comité à partir de ce jour l’appliquent ; celles déjà prises ne sont pas remises en cause (R7).");
        Compare("Délai pour désigner la personne qui intervient", FrenchText.Plural(before.MobilisationWorkingDays, "jour ouvré", "jours ouvrés"), FrenchText.Plural(after.MobilisationWorkingDays, "jour ouvré", "jours ouvrés"),
            "Les appuis décidés à partir de ce jour ont ce délai (R20).");
        Compare("Différé compris dans les 36 mois", YesNo(before.DeferralCountsInside), YesNo(after.DeferralCountsInside),
            "Les avances décidées à partir de ce jour ; les échéanciers en cours ne changent pas (R6).");
        Compare("Journées prêtées comptées comme aide d’État", YesNo(before.CompetencesCountAsAid), YesNo(after.CompetencesCountAsAid),
            "Le cumul « de minimis » calculé à partir de ce jour (R7).");
        Compare("Jours fériés d’Alsace-Moselle", YesNo(before.IsAlsaceMoselle), YesNo(after.IsAlsaceMoselle),
            "Les délais et relances calculés à partir de ce jour.");
        Compare("Dotation de la Caisse des dépôts comptée dans le total des dotations", YesNo(before.CdcCountsOwn), YesNo(after.CdcCountsOwn),
            "Le plafond de 20 % calculé à partir de ce jour (R10).");
        Compare("Taux de base de la Commission", Rate(before), Rate(after), "L’équivalent-subvention des avances décidées à partir de ce jour (R7).");
        return changes;

        void Compare(string label, string old, string current, string effect)
        {
            if (old != current) changes.Add(new(label, old, current, FrenchText.Typeset(effect)));
        }
    }

    private static string YesNo(bool value) => value ? "oui" : "non";

    private static string Rate(ProgrammeSettings settings) => settings.BaseRateBasisPoints is { } points ? FrenchText.PercentOfBasisPoints(points) : "non renseigné";

    private static int Whole(string field, string text, int maximum, List<Problem> problems)
    {
        if (int.TryParse(string.Concat(text.Where(c => !char.IsWhiteSpace(c))), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum) return number;
        problems.Add(new(field, $"« {text.Trim()} » n’est pas un nombre entier entre 0 et {FrenchText.Number(maximum)}."));
        return 0;
    }
}
