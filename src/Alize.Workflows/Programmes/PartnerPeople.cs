using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>A person as the operator types it: what is true of the person in every role.</summary>
public sealed record PersonForm(string FullName, string JobTitle, string Email, string Language);

/// <summary>
/// What the operator changes about partners and those who act for them. Roles begin and end on a day and are never rewritten; every
/// change is in the trail.
/// </summary>
public sealed class PartnerPeople(AlizeDb db, Outbox outbox, PartnerTasks tasks, Trail trail, ProgrammeClock clock)
{
    public async Task<(Guid? Id, IReadOnlyList<Problem> Problems)> AddPartnerAsync(
        Guid programmeId, PartnerKind? kind, string name, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        name = name.Trim();
        if (kind is null) problems.Add(new("kind", "Choisissez ce qu’est ce partenaire : il en dépend où il siège et ce qu’il apporte."));
        if (name.Length == 0) problems.Add(new("name", "Indiquez le nom du partenaire."));
        var names = await db.Partners.Where(p => p.ProgrammeId == programmeId).Select(p => p.Name).ToListAsync(cancel);
        if (names.Contains(name, StringComparer.OrdinalIgnoreCase)) problems.Add(new("name", $"{name} est déjà partenaire de ce dispositif. Ouvrez sa page."));
        if (problems.Count > 0) return (null, problems);

        var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = programmeId, Kind = kind!.Value, Name = name };
        db.Partners.Add(partner);
        trail.Add(programmeId, "partner", $"Nouveau partenaire : {name}", by, subjectId: partner.Id);
        await db.SaveChangesAsync(cancel);
        return (partner.Id, []);
    }

    /// <summary>Adds a person in one or several roles from a day on: one row for each role.</summary>
    public async Task<IReadOnlyList<Problem>> AddAsync(
        Partner partner, PersonForm form, IReadOnlyList<ContactRole> roles, DateOnly? from, string by, CancellationToken cancel)
    {
        var problems = Check(form).ToList();
        if (roles.Count == 0) problems.Add(new("roles", "Choisissez au moins un rôle."));
        if (from is null) problems.Add(new("from", "Indiquez le premier jour dans ce rôle."));
        if (problems.Count > 0) return problems;

        var first = from!.Value;
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == partner.ProgrammeId).ToListAsync(cancel);
        var email = form.Email.Trim();
        problems.AddRange(AddressTaken(people, email, form.FullName.Trim()));
        foreach (var role in roles)
        {
            if (role == ContactRole.OperatorStaff && partner.Kind != PartnerKind.LocalOperator)
                problems.Add(new("roles", "Seul l’opérateur local a des chargés de mission. Choisissez un autre rôle."));
            if (role == ContactRole.CommitteeChair)
                problems.AddRange(ChairProblems(partner, people, first, form.FullName.Trim()));
            if (people.Any(c => c.PartnerId == partner.Id && c.Role == role && SameAddress(c, email) && c.FullName == form.FullName.Trim() && (c.Until is null || c.Until >= first)))
                problems.Add(new("roles", $"{form.FullName.Trim()} tient déjà le rôle « {RoleNames.French(role)} » ce jour-là."));
        }

        if (problems.Count > 0) return problems;
        foreach (var role in roles)
        {
            var contact = new Contact
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = partner.ProgrammeId,
                PartnerId = partner.Id,
                Role = role,
                FullName = form.FullName.Trim(),
                JobTitle = form.JobTitle.Trim(),
                Email = email,
                Language = form.Language == "en" ? "en" : "fr",
                From = first,
            };
            db.Contacts.Add(contact);
            trail.Add(
                partner.ProgrammeId, "contact", $"{contact.FullName}, {RoleNames.French(role)} pour {partner.Name} à partir du {FrenchText.Date(first)}",
                by, subjectId: contact.Id);
        }

        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>
    /// Corrects a person in every role at once, so that one person keeps one address. A new address makes the links sent to the old one
    /// worthless, and what is still asked is sent again.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> CorrectAsync(Contact person, PersonForm form, string by, CancellationToken cancel)
    {
        var problems = Check(form).ToList();
        var all = await db.Contacts.Where(c => c.ProgrammeId == person.ProgrammeId).ToListAsync(cancel);
        var rows = all.Where(c => Delegates.IsSame(c, person)).ToList();
        var (name, title, email) = (form.FullName.Trim(), form.JobTitle.Trim(), form.Email.Trim());
        problems.AddRange(AddressTaken([.. all.Except(rows)], email, name: null));
        if (problems.Count > 0) return problems;

        var (oldName, oldEmail) = (rows[0].FullName, rows[0].Email);
        foreach (var row in rows)
            (row.FullName, row.JobTitle, row.Email, row.Language) = (name, title, email, form.Language == "en" ? "en" : "fr");
        if (!db.ChangeTracker.HasChanges()) return [];

        var moved = !string.Equals(oldEmail, email, StringComparison.OrdinalIgnoreCase);
        if (moved) await SendAgainAsync(rows, cancel);
        trail.Add(
            person.ProgrammeId, "contact",
            $"Coordonnées corrigées : {oldName}" + (oldName == name ? "" : $" devient {name}") + (moved ? $", {oldEmail} devient {email}" : ""), by, subjectId: person.Id);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>What that person, in that role, is still asked.</summary>
    public Task<List<PartnerTask>> OpenTasksAsync(Guid contactId, CancellationToken cancel) => db.PartnerTasks
        .Where(t => t.AssigneeContactId == contactId && t.State == PartnerTaskState.Open).OrderBy(t => t.CreatedAt).ToListAsync(cancel);

    /// <summary>Who may take over what a contact is asked: those who act for the same partner today, one row for each person.</summary>
    public async Task<IReadOnlyList<Contact>> SuccessorsAsync(Contact contact, CancellationToken cancel)
    {
        var today = clock.Today;
        var people = await db.Contacts.AsNoTracking()
            .Where(c => c.ProgrammeId == contact.ProgrammeId && c.PartnerId == contact.PartnerId && c.CompanyId == contact.CompanyId && c.Id != contact.Id).ToListAsync(cancel);
        return [.. people.Where(c => c.IsActiveOn(today)).OrderBy(c => c.Role).DistinctBy(c => c.Email.ToUpperInvariant()).OrderBy(c => c.FullName, StringComparer.Ordinal)];
    }

    /// <summary>Ends a role on a day, and hands the open tasks named to somebody else.</summary>
    /// <param name="contact">The person in the role.</param>
    /// <param name="until">Last day.</param>
    /// <param name="successors">For each task to be handed over, the contact who takes it. A task that is not named stays.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<Problem>> EndAsync(
        Contact contact, DateOnly? until, IReadOnlyDictionary<Guid, Guid> successors, string by, CancellationToken cancel)
    {
        if (until is not { } last) return [new("until", "Indiquez le dernier jour dans ce rôle.")];
        if (last < contact.From)
            return [new("until", $"{contact.FullName} n’a pris ce rôle que le {FrenchText.Date(contact.From)} : il ne peut pas finir le {FrenchText.Date(last)}.")];
        var row = await db.Contacts.SingleAsync(c => c.Id == contact.Id, cancel);
        if (row.Until is { } ended && ended < clock.Today)
            return [new("", $"Ce rôle a pris fin le {FrenchText.Date(ended)}. Rien n’a été changé.")];

        row.Until = last;
        trail.Add(row.ProgrammeId, "contact", $"{row.FullName}, {RoleNames.French(row.Role)} : jusqu’au {FrenchText.Date(last)}", by, subjectId: row.Id);
        var candidates = await SuccessorsAsync(row, cancel);
        foreach (var task in await OpenTasksAsync(row.Id, cancel))
        {
            if (!successors.TryGetValue(task.Id, out var successor)) continue;
            var problem = candidates.FirstOrDefault(c => c.Id == successor) is { } to
                ? await tasks.ReassignAsync(task, to, by, cancel)
                : new("", $"Choisissez, pour « {task.Title} », une personne qui agit aujourd’hui pour le même partenaire.");
            if (problem is null) continue;
            db.ChangeTracker.Clear();
            return [problem];
        }

        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return [new("", "Une réponse vient d’arriver pour l’une de ces demandes. Rien n’a été changé : vérifiez la liste et recommencez.")];
        }

        return [];
    }

    private async Task SendAgainAsync(IReadOnlyList<Contact> rows, CancellationToken cancel)
    {
        var now = clock.UtcNow;
        var ids = rows.Select(r => r.Id).ToList();
        foreach (var link in await db.TaskLinks.Where(l => ids.Contains(l.ContactId) && l.ExpiresAt > now).ToListAsync(cancel)) link.ExpiresAt = now;
        foreach (var task in await db.PartnerTasks.Where(t => ids.Contains(t.AssigneeContactId) && t.State == PartnerTaskState.Open).ToListAsync(cancel))
            await outbox.PostAsync(
                new AskPartnerMail(task.Title, new(task.Instructions), task.DueOn), rows.Single(r => r.Id == task.AssigneeContactId),
                PartnerTasks.MailAboutTask(task), $"{task.StepKey}:moved:{now.Ticks}", cancel);
    }

    private static IEnumerable<Problem> ChairProblems(Partner partner, IEnumerable<Contact> people, DateOnly from, string name)
    {
        foreach (var refusal in CommitteeChair.Refusals(isActive: true, partner.Kind == PartnerKind.Company, name)) yield return new("roles", refusal.ToString());
        if (people.FirstOrDefault(c => c.Role == ContactRole.CommitteeChair && (c.Until is null || c.Until >= from)) is { } chair)
            yield return new("roles", $"{chair.FullName} préside le comité d’agrément{(chair.Until is { } end ? $" jusqu’au {FrenchText.Date(end)}" : "")}. Mettez d’abord fin à ce rôle.");
    }

    private static IEnumerable<Problem> Check(PersonForm form)
    {
        if (form.FullName.Trim().Length == 0) yield return new("fullName", "Indiquez le prénom et le nom.");
        if (!MimeKit.MailboxAddress.TryParse(form.Email.Trim(), out var address) || !address.Address.Contains('@') || address.Address != form.Email.Trim())
            yield return new("email", $"« {form.Email.Trim()} » n’est pas une adresse de courriel. Écrivez par exemple prenom.nom@entreprise.fr.");
    }

    private static IEnumerable<Problem> AddressTaken(IReadOnlyList<Contact> others, string email, string? name)
    {
        if (others.FirstOrDefault(c => SameAddress(c, email) && !string.Equals(c.FullName, name, StringComparison.OrdinalIgnoreCase)) is { } taken)
            yield return new("email", $"Cette adresse est celle de {taken.FullName}. Une personne, une adresse : corrigez l’une des deux.");
    }

    private static bool SameAddress(Contact contact, string email) => string.Equals(contact.Email, email, StringComparison.OrdinalIgnoreCase);
}

/// <summary>French names of roles, for sentences and pages.</summary>
public static class RoleNames
{
    public static string French(ContactRole role) => role switch
    {
        ContactRole.Representative => "représentant",
        ContactRole.CommitteeMember => "membre du comité d’agrément",
        ContactRole.CommitteeChair => "président du comité d’agrément",
        ContactRole.CompanyHead => "dirigeant de l’entreprise",
        _ => "chargé de mission de l’opérateur",
    };
}
