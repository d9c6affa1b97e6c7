using Alize.Data;
using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>From where somebody acts.</summary>
/// <param name="Address">Network address.</param>
/// <param name="Agent">What the browser says of itself.</param>
public sealed record SigningPlace(string Address, string Agent)
{
    // Evidence is read by people; a browser may say anything of itself, at any length.
    private const int LongestAgent = 300;

    public string Agent { get; } = Agent.Length > LongestAgent ? Agent[..LongestAgent] : Agent;
}

/// <summary>
/// The way to a signature (R8, art. 6.2): the link, a one-time code by a second mail, the document, initials, consent. Each step is a
/// line of the chained evidence, saved with what it proves.
/// </summary>
public sealed class ConventionSigning(AlizeDb db, PartnerTasks tasks, EvidenceBook book, Outbox outbox, ProgrammeClock clock)
{
    /// <summary>Kind of the document that a signature on paper is kept as.</summary>
    internal const string PaperKind = "PaperSignature";

    private const int MostCodesADay = 10;
    private const int Retries = 4;

    /// <summary>Who must sign before this person may; empty when it is this person's turn.</summary>
    public async Task<IReadOnlyList<string>> WaitsForAsync(PartnerTask task, CancellationToken cancel)
    {
        var convention = await db.Conventions.AsNoTracking().SingleAsync(c => c.Id == task.SubjectId, cancel);
        var before = convention.AwaitedBefore(task.AssigneeContactId);
        return await db.Contacts.Where(c => before.Contains(c.Id)).OrderBy(c => c.FullName).Select(c => c.FullName).ToListAsync(cancel);
    }

    /// <summary>Whether that browser gave the right code for the task.</summary>
    public async Task<bool> IsOpenAsync(PartnerTask task, string? secret, CancellationToken cancel) =>
        secret is { Length: > 0 } && (await CodesOf(task).AsNoTracking().ToListAsync(cancel)).Any(c => c.Opens(secret, clock.UtcNow));

    /// <summary>Whether a code is on its way to this person, or has come and still works.</summary>
    public async Task<bool> IsCodeExpectedAsync(PartnerTask task, CancellationToken cancel)
    {
        var since = clock.UtcNow - SigningCode.Life;
        var asked = await db.OutboxMails.AsNoTracking()
            .Where(m => m.TaskId == task.Id && m.Name == nameof(SigningCodeMail) && m.ContactId == task.AssigneeContactId && m.CreatedAt > since)
            .OrderByDescending(m => m.CreatedAt).Select(m => (DateTime?)m.CreatedAt).FirstOrDefaultAsync(cancel);
        var code = await CodesOf(task).AsNoTracking().OrderByDescending(c => c.SentAt).ThenByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
        return (asked is { } at && (code is null || code.SentAt < at)) || code?.IsLive(clock.UtcNow) == true;
    }

    /// <summary>Sends a code by a mail of its own; at most one a minute and ten a day.</summary>
    public async Task<IReadOnlyList<Problem>> AskCodeAsync(PartnerTask task, SigningPlace place, CancellationToken cancel)
    {
        if (await ProblemAsync(task, cancel) is { } problem) return [problem];
        var contact = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var since = clock.UtcNow.AddDays(-1);
        var sent = await db.OutboxMails.AsNoTracking()
            .Where(m => m.TaskId == task.Id && m.Name == nameof(SigningCodeMail) && m.CreatedAt > since).Select(m => m.CreatedAt).ToListAsync(cancel);
        if (sent.Any(at => at > clock.UtcNow.AddMinutes(-1))) return [];
        if (sent.Count >= MostCodesADay)
            return [new("", "Trop de codes ont été demandés aujourd’hui pour cette signature. Réessayez demain, ou écrivez à l’opérateur local.")];

        var key = $"{task.StepKey}:code:{clock.UtcNow:yyyyMMddHHmm}";
        return await RecordedAsync(task, async convention =>
        {
            await outbox.PostAsync(
                new SigningCodeMail(task.Title, (int)SigningCode.Life.TotalMinutes), contact,
                new(task.ProgrammeId, task.ProjectId, task.Id, MailLinks.Code, OnlyWhileTaskOpen: true), key, cancel);
            book.Add(convention, new("code-asked", contact.FullName, contact.Email, "Code à usage unique demandé depuis le lien personnel", place.Address, place.Agent));
            await db.SaveChangesAsync(cancel);
            return [];
        }, cancel);
    }

    /// <summary>Tries a code.</summary>
    /// <returns>The secret that opens the page to this browser, or what is wrong.</returns>
    public async Task<(string? Secret, IReadOnlyList<Problem> Problems)> TryCodeAsync(PartnerTask task, string typed, SigningPlace place, CancellationToken cancel)
    {
        if (await ProblemAsync(task, cancel) is { } problem) return (null, [problem]);
        var digits = new string([.. typed.Where(char.IsAsciiDigit)]);
        if (digits.Length != 6) return (null, [new("code", "Le code a six chiffres. Recopiez celui du dernier courriel reçu.")]);
        var contact = await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        string? secret = null;
        var problems = await RecordedAsync(task, async convention =>
        {
            var code = await CodesOf(task).OrderByDescending(c => c.SentAt).ThenByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
            if (code is null || !code.IsLive(clock.UtcNow)) return [new("code", DeadCode(code))];
            secret = code.Try(digits, clock.UtcNow);
            var kind = secret is not null ? "code-used" : code.IsLocked ? "code-locked" : "code-wrong";
            book.Add(convention, new(
                kind, contact.FullName, contact.Email,
                secret is not null ? $"Code envoyé le {clock.Stamp(code.SentAt)} à {contact.Email}, saisi correctement ; document affiché" : $"Essai {code.WrongTries} sur {SigningCode.MostTries}",
                place.Address, place.Agent));
            await db.SaveChangesAsync(cancel);
            if (secret is not null) return [];
            var left = SigningCode.MostTries - code.WrongTries;
            return [new("code", left > 0 ? $"Ce code n’est pas le bon. Il reste {FrenchText.Plural(left, "essai")}." : DeadCode(code))];
        }, cancel);
        return (secret, problems);
    }

    /// <summary>Signs, or refuses to: only on one's turn, from a browser that gave the right code.</summary>
    public async Task<IReadOnlyList<Problem>> AnswerAsync(
        PartnerTask task, string? secret, string outcome, IReadOnlyDictionary<string, string> values, SigningPlace place, CancellationToken cancel)
    {
        if (await ProblemAsync(task, cancel) is { } problem) return [problem];
        if (!await IsOpenAsync(task, secret, cancel)) return [new("", "Cette page n’est plus ouverte par un code. Demandez-en un nouveau.")];
        var contact = await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var code = (await CodesOf(task).AsNoTracking().ToListAsync(cancel)).First(c => c.Opens(secret, clock.UtcNow));
        var evidence = $"{clock.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'} · {place.Address} · {place.Agent}";
        var initials = values.GetValueOrDefault("initials", "").Trim();
        var detail = outcome == SignatureForm.Signed
            ? $"Paraphe « {initials} » sur chaque page ; consentement donné ; code envoyé le {clock.Stamp(code.SentAt)}, saisi le {clock.Stamp(code.UsedAt!.Value)}"
            : $"Motif : {values.GetValueOrDefault("reason", "").Trim()}";
        var fact = new EvidenceFact(outcome == SignatureForm.Signed ? "signed" : "refused", contact.FullName, contact.Email, detail, place.Address, place.Agent);
        return await RecordedAsync(task, convention => tasks.GiveAsync(
            task.Id, outcome, values, contact.FullName, evidence, () => book.Add(convention, fact), cancel), cancel);
    }

    /// <summary>
    /// Takes a signature given on paper: the operator uploads the scan and attests it. It counts like any other, in its turn.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> SignOnPaperAsync(Guid taskId, byte[] scan, string initials, bool isAttested, string by, CancellationToken cancel)
    {
        var task = await db.PartnerTasks.AsNoTracking().SingleAsync(t => t.Id == taskId && t.Kind == SignatureForm.Kind, cancel);
        if (await ProblemAsync(task, cancel) is { } problem) return [problem];
        if (!isAttested) return [new("attested", "Attestez que la page numérisée porte bien le paraphe et la signature de cette personne.")];
        if (!scan.AsSpan().StartsWith("%PDF-"u8)) return [new("scan", "Envoyez la convention signée numérisée en PDF.")];
        var contact = await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var hash = DocumentArchive.HashOf(scan);
        var values = new Dictionary<string, string> { ["initials"] = initials, ["consent"] = "true" };
        var number = await db.Projects.Where(p => p.Id == task.ProjectId).Select(p => p.Number).SingleAsync(cancel);
        return await RecordedAsync(task, convention => tasks.GiveAsync(
            task.Id, SignatureForm.Signed, values, contact.FullName, $"signature sur papier attestée par {by}, SHA-256 du scan {hash}", () =>
            {
                db.Documents.Add(new()
                {
                    Id = Guid.CreateVersion7(),
                    ProgrammeId = task.ProgrammeId,
                    ProjectId = task.ProjectId,
                    SubjectId = convention.Id,
                    Key = $"paper:{task.Id:N}",
                    Kind = PaperKind,
                    Title = $"Signature sur papier de {contact.FullName}",
                    FileName = DocumentArchive.FileNameOf($"Signature {contact.FullName}", number),
                    MadeAt = clock.UtcNow,
                    MadeBy = by,
                    Sha256 = hash,
                    Content = scan,
                });
                book.Add(convention, new("signed-on-paper", contact.FullName, contact.Email, $"Original papier numérisé, attesté par {by} ; SHA-256 du scan {hash} ; paraphe « {initials} »"));
            }, cancel), cancel);
    }

    /// <summary>Puts somebody else in a signatory's place, with the reason: the task changes hands, the former link says so.</summary>
    public async Task<IReadOnlyList<Problem>> SubstituteAsync(Guid taskId, Guid byContactId, string reason, string by, Trail trail, CancellationToken cancel)
    {
        var task = await db.PartnerTasks.SingleAsync(t => t.Id == taskId && t.Kind == SignatureForm.Kind, cancel);
        if (task.State != PartnerTaskState.Open) return [new("", "Cette signature n’est plus attendue. Rien n’a été changé.")];
        if (reason.Trim().Length == 0) return [new("reason", "Dites pourquoi cette personne est remplacée : le dossier de preuve le garde.")];
        var convention = await db.Conventions.SingleAsync(c => c.Id == task.SubjectId, cancel);
        var former = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var next = await db.Contacts.SingleOrDefaultAsync(c => c.Id == byContactId && c.ProgrammeId == task.ProgrammeId, cancel);
        if (next is null || !next.IsActiveOn(clock.Today) || !SpeaksForSame(former, next))
            return [new("contact", "Choisissez une personne en fonction, du même partenaire ou de la même entreprise.")];
        if (convention.Signatories.Any(s => s.ContactId == next.Id)) return [new("contact", $"{next.FullName} signe déjà cette convention. Choisissez une autre personne.")];

        convention.Substitute(former.Id, next.Id);
        task.AssigneeContactId = next.Id;
        book.Add(convention, new("substituted", next.FullName, next.Email, $"À la place de {former.FullName}, par {by}. Motif : {reason.Trim()}"));
        trail.Add(task.ProgrammeId, "substitution", $"{next.FullName} signera à la place de {former.FullName} : {reason.Trim()}", by, task.ProjectId, convention.Id);
        await outbox.PostAsync(
            new AskPartnerMail(task.Title, new(task.Instructions), task.DueOn), next,
            new(task.ProgrammeId, task.ProjectId, task.Id, MailLinks.Task, OnlyWhileTaskOpen: true), $"{task.StepKey}:ask:{next.Id:N}", cancel);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    private static bool SpeaksForSame(Contact former, Contact next) =>
        former.Id != next.Id && former.PartnerId == next.PartnerId && former.CompanyId == next.CompanyId;

    private IQueryable<SigningCode> CodesOf(PartnerTask task) => db.SigningCodes.Where(c => c.TaskId == task.Id && c.ContactId == task.AssigneeContactId);

    /// <summary>Why nobody may sign this just now; null when it may be signed.</summary>
    private async Task<Problem?> ProblemAsync(PartnerTask task, CancellationToken cancel)
    {
        var state = await db.PartnerTasks.AsNoTracking().Where(t => t.Id == task.Id).Select(t => t.State).SingleAsync(cancel);
        if (state == PartnerTaskState.Answered) return new("", "Cette demande a déjà reçu sa réponse. Rien n’a été changé.");
        if (state != PartnerTaskState.Open) return new("", "Cette demande n’attend plus de réponse. Rien n’a été changé.");
        var before = await WaitsForAsync(task, cancel);
        return before.Count == 0 ? null : new("", $"Ce n’est pas encore votre tour : la signature de {FrenchText.List(before)} vient d’abord. Un courriel vous préviendra.");
    }

    private static string DeadCode(SigningCode? code) => code switch
    {
        null => "Aucun code ne vous a encore été envoyé. Demandez-en un, puis recopiez celui du courriel.",
        { IsLocked: true } => "Trois codes erronés : celui-ci est bloqué. Demandez un nouveau code.",
        { UsedAt: not null } => "Ce code a déjà servi. Demandez un nouveau code.",
        _ => "Ce code a expiré. Demandez un nouveau code.",
    };

    /// <summary>
    /// Does something to a convention with its evidence. Two who act at once want the same place in the chain: the second tries again
    /// after the first.
    /// </summary>
    private async Task<IReadOnlyList<Problem>> RecordedAsync(PartnerTask task, Func<CooperationConvention, Task<IReadOnlyList<Problem>>> act, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var convention = await db.Conventions.SingleAsync(c => c.Id == task.SubjectId, cancel);
            try
            {
                return await act(convention);
            }
            catch (DbUpdateException) when (attempt < Retries)
            {
                if (await ProblemAsync(task, cancel) is { } problem) return [problem];
            }
        }
    }
}
