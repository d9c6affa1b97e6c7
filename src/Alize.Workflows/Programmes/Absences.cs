using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>Arranges who acts for whom in a period, and hands what waits already to the delegate when the period begins.</summary>
public sealed class Absences(AlizeDb db, Outbox outbox, Trail trail, ProgrammeClock clock)
{
    /// <summary>Notes an absence and its delegate. Nothing is written when there is a problem.</summary>
    public async Task<IReadOnlyList<Problem>> ArrangeAsync(
        Guid programmeId, Guid absentId, Guid delegateId, DateOnly? from, DateOnly? until, string by, CancellationToken cancel)
    {
        if (from is not { } first) return [new("from", "Indiquez le premier jour de l’absence.")];
        if (until is not { } last) return [new("until", "Indiquez le dernier jour de l’absence.")];
        if (last < first) return [new("until", $"L’absence finirait le {FrenchText.Date(last)}, avant de commencer le {FrenchText.Date(first)}. Corrigez l’une des deux dates.")];
        if (last < clock.Today) return [new("until", $"Cette absence est terminée depuis le {FrenchText.Date(last)} : il n’y a plus rien à suppléer.")];

        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToListAsync(cancel);
        var absent = people.Single(c => c.Id == absentId);
        var substitute = people.SingleOrDefault(c => c.Id == delegateId);
        if (substitute is null) return [new("delegate", "Choisissez qui répond pendant l’absence.")];
        if (Delegates.IsSame(absent, substitute)) return [new("delegate", $"{absent.FullName} ne peut pas se suppléer. Choisissez une autre personne.")];
        if (!substitute.IsActiveOn(first) || !substitute.IsActiveOn(last))
            return [new("delegate", $"{substitute.FullName} n’est pas en fonction pendant toute l’absence. Choisissez une autre personne, ou une période plus courte.")];

        var meeting = (await db.Substitutions.AsNoTracking().Where(s => s.ProgrammeId == programmeId).ToListAsync(cancel)).Where(s => s.Meets(first, last)).ToList();
        var byId = people.ToDictionary(p => p.Id);
        foreach (var other in meeting)
        {
            var away = byId[other.AbsentContactId];
            var acting = byId[other.DelegateContactId];
            var days = $"du {FrenchText.Date(other.From)} au {FrenchText.Date(other.Until)}";
            if (Delegates.IsSame(away, absent))
                return [new("from", $"{acting.FullName} répond déjà pour {away.FullName} {days}. Mettez d’abord fin à cette suppléance, ou choisissez d’autres jours.")];
            if (Delegates.IsSame(away, substitute))
                return [new("delegate", $"{away.FullName} est absent(e) aussi, {days}. Choisissez une autre personne.")];
            if (Delegates.IsSame(acting, absent))
                return [new("from", $"{absent.FullName} répond pour {away.FullName} {days}. Confiez d’abord cette suppléance à quelqu’un d’autre.")];
        }

        var substitution = new Substitution
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            AbsentContactId = absentId,
            DelegateContactId = delegateId,
            From = first,
            Until = last,
        };
        db.Substitutions.Add(substitution);
        trail.Add(
            programmeId, "absence",
            $"Suppléance : {substitute.FullName} répond pour {absent.FullName} du {FrenchText.Date(first)} au {FrenchText.Date(last)}, votes et signatures exceptés",
            by, subjectId: absentId);
        await db.SaveChangesAsync(cancel);
        await HandOverAsync(cancel);
        return [];
    }

    /// <summary>Ends it now: the delegate's links stop answering.</summary>
    public async Task EndAsync(Guid programmeId, Guid substitutionId, string by, CancellationToken cancel)
    {
        var substitution = await db.Substitutions.SingleOrDefaultAsync(s => s.Id == substitutionId && s.ProgrammeId == programmeId, cancel);
        if (substitution is null || substitution.Until < clock.Today) return;
        substitution.Until = clock.Today.AddDays(-1);
        var names = await db.Contacts.AsNoTracking().Where(c => c.Id == substitution.AbsentContactId || c.Id == substitution.DelegateContactId)
            .ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        trail.Add(
            programmeId, "absence", $"Fin de la suppléance de {names[substitution.AbsentContactId]} par {names[substitution.DelegateContactId]}",
            by, subjectId: substitution.AbsentContactId);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>
    /// Sends delegates whose period has begun what the absent were asked before it, once each. Run when an absence is arranged, and every
    /// morning for those arranged ahead; nobody is written to on a day off.
    /// </summary>
    public async Task HandOverAsync(CancellationToken cancel)
    {
        var today = clock.Today;
        var running = await db.Substitutions.AsNoTracking().Where(s => s.From <= today && s.Until >= today).ToListAsync(cancel);
        foreach (var programme in running.GroupBy(s => s.ProgrammeId))
        {
            var settings = (await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == programme.Key, cancel)).SettingsOn(today);
            if (!new FrenchCalendar(settings.IsAlsaceMoselle).IsWorkingDay(today)) continue;
            foreach (var substitution in programme) await HandOverAsync(substitution, cancel);
        }

        await db.SaveChangesAsync(cancel);
    }

    private async Task HandOverAsync(Substitution substitution, CancellationToken cancel)
    {
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == substitution.ProgrammeId).ToListAsync(cancel);
        var absent = people.Single(c => c.Id == substitution.AbsentContactId);
        var rows = people.Where(c => Delegates.IsSame(c, absent)).ToDictionary(c => c.Id);
        var began = clock.MorningOf(substitution.From).UtcDateTime.AddHours(-ProgrammeClock.MorningHour);
        var open = await db.PartnerTasks.AsNoTracking()
            .Where(t => rows.Keys.Contains(t.AssigneeContactId) && t.State == PartnerTaskState.Open
                && !db.OutboxMails.Any(m => m.TaskId == t.Id && m.ContactId == substitution.DelegateContactId && m.CreatedAt >= began))
            .OrderBy(t => t.CreatedAt).ToListAsync(cancel);
        foreach (var task in open)
        {
            var about = PartnerTasks.MailAboutTask(task);
            if (!about.AlsoToDelegate) continue;
            await outbox.PostToDelegateAsync(
                new AskPartnerMail(task.Title, new(task.Instructions), task.DueOn), rows[task.AssigneeContactId], about,
                $"{task.StepKey}:absence:{substitution.Id:N}", cancel);
        }
    }
}
