using System.Globalization;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>Somebody is away, and somebody else acts meanwhile.</summary>
public sealed record Absence(Contact Absent, Contact Delegate, Substitution Substitution)
{
    /// <summary>What the delegate reads on top of a mail, Markdown, in that person's language.</summary>
    public string LineFor(Contact reader)
    {
        var name = MarkdownText.Escape(Absent.FullName);
        return MailComposer.LanguageOf(reader) == "en"
            ? string.Create(CultureInfo.InvariantCulture, $"*You receive this message for **{name}**, who is away until {Substitution.Until:d MMMM yyyy}.*")
            : FrenchText.Typeset($"*Vous recevez ce message pour **{name}**, en son absence, jusqu’au {FrenchText.Date(Substitution.Until)}.*");
    }
}

/// <summary>What a link that was sent to somebody else than the assignee is worth.</summary>
public enum Delegation
{
    /// <summary>Nothing: the person never acted for the assignee, or not in this.</summary>
    None,

    /// <summary>The person acts for the assignee today.</summary>
    Acts,

    /// <summary>The person did, and the period is over.</summary>
    Over,
}

/// <summary>
/// Finds who acts for whom. An absence is a person's, whatever roles the person holds: roles are told apart by their row, the person
/// is known by the mail address.
/// </summary>
public sealed class Delegates(AlizeDb db, ProgrammeClock clock)
{

    /// <summary>What answering a task of that kind is.</summary>
    public static PersonalAct ActOf(string taskKind) => taskKind == SignatureForm.Kind ? PersonalAct.Signature : PersonalAct.Answer;

    /// <summary>Who acts for that person today. Null: nobody; a delegate who left or is away too acts for nobody.</summary>
    public async Task<Absence?> OfAsync(Contact person, CancellationToken cancel)
    {
        var today = clock.Today;
        var running = await db.Substitutions.AsNoTracking()
            .Where(s => s.ProgrammeId == person.ProgrammeId && s.From <= today && s.Until >= today).ToListAsync(cancel);
        if (running.Count == 0) return null;

        var ids = running.SelectMany(s => new[] { s.AbsentContactId, s.DelegateContactId }).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        return running
            .Where(s => IsSame(people[s.AbsentContactId], person) && people[s.DelegateContactId].IsActiveOn(today))
            .Select(s => new Absence(person, people[s.DelegateContactId], s)).FirstOrDefault();
    }

    /// <summary>Whether the person a link was sent to acts for who the task is asked of.</summary>
    public async Task<Delegation> StandingAsync(Contact person, Contact assignee, PartnerTask task, CancellationToken cancel)
    {
        if (!Substitution.Allows(ActOf(task.Kind))) return Delegation.None;
        var all = await db.Substitutions.AsNoTracking().Where(s => s.ProgrammeId == task.ProgrammeId && s.DelegateContactId == person.Id).ToListAsync(cancel);
        var absentIds = all.Select(s => s.AbsentContactId).ToList();
        var absent = await db.Contacts.AsNoTracking().Where(c => absentIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var theirs = all.Where(s => IsSame(absent[s.AbsentContactId], assignee)).ToList();
        if (theirs.Count == 0) return Delegation.None;
        var today = clock.Today;
        return theirs.Any(s => s.IsActiveOn(today)) && person.IsActiveOn(today) ? Delegation.Acts : Delegation.Over;
    }

    /// <summary>Whether two rows are one person.</summary>
    public static bool IsSame(Contact one, Contact other) => string.Equals(one.Email, other.Email, StringComparison.OrdinalIgnoreCase);
}
