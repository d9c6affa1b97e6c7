using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Signatures;

/// <summary>The way to a signature: codes, turns, substitution, paper (R8, art. 6.2).</summary>
[Trait("Rule", "R8")]
public sealed class SigningTests : IAsyncLifetime
{
    private readonly Territory territory = new();
    private Guid project;
    private List<PartnerTask> asked = [];

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        project = await territory.ApprovedAsync();
        asked = [.. (await territory.OpenTasksAsync(project)).Where(t => t.Kind == SignatureForm.Kind)];
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task Nobody_signs_without_the_code_of_the_second_mail()
    {
        Assert.NotEmpty(await territory.TrySignAsync(asked[0], null, SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
        Assert.NotEmpty(await territory.TrySignAsync(asked[0], new('0', 64), SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
        Assert.NotEmpty(await territory.TryAnswerAsync(asked[0].Id, SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
        Assert.Null((await ConventionAsync()).Signatories[0].SignedAt);
    }

    [Fact]
    public async Task The_code_opens_the_page_of_one_signatory_alone()
    {
        var secret = await territory.OpenSignatureAsync(asked[0]);
        Assert.NotEmpty(await territory.TrySignAsync(asked[1], secret, SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
        Assert.Empty(await territory.TrySignAsync(asked[0], secret, SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
    }

    [Fact]
    public async Task Three_wrong_codes_lock_it_and_a_new_one_opens()
    {
        await territory.AskCodeAsync(asked[0]);
        var right = await territory.CodeOfAsync(asked[0]);
        var wrong = right == "000000" ? "000001" : "000000";
        Assert.Contains("2 essais", Assert.Single((await territory.TryCodeAsync(asked[0], wrong)).Problems).Sentence, StringComparison.Ordinal);
        await territory.TryCodeAsync(asked[0], wrong);
        Assert.Contains("bloqué", Assert.Single((await territory.TryCodeAsync(asked[0], wrong)).Problems).Sentence, StringComparison.Ordinal);
        Assert.Null((await territory.TryCodeAsync(asked[0], right)).Secret);   // the right one comes too late

        territory.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await territory.OpenSignatureAsync(asked[0]));
        var kinds = await territory.ReadAsync(async db => (await db.SignatureEvidence.OrderBy(e => e.Number).ToListAsync(Cancel)).Select(e => e["kind"]).ToList());
        Assert.Equal(["code-asked", "code-wrong", "code-wrong", "code-locked", "code-asked", "code-used"], kinds.SkipWhile(k => k != "code-asked"));
    }

    [Fact]
    public async Task A_code_serves_once_and_runs_out()
    {
        await territory.AskCodeAsync(asked[0]);
        var code = await territory.CodeOfAsync(asked[0]);
        Assert.NotNull((await territory.TryCodeAsync(asked[0], code)).Secret);
        Assert.Contains("déjà servi", Assert.Single((await territory.TryCodeAsync(asked[0], code)).Problems).Sentence, StringComparison.Ordinal);

        await territory.AskCodeAsync(asked[1]);
        territory.Time.Advance(SigningCode.Life);
        Assert.Contains("expiré", Assert.Single((await territory.TryCodeAsync(asked[1], await territory.CodeOfAsync(asked[1]))).Problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_stands_in_its_mail_and_nowhere_in_the_database()
    {
        await territory.AskCodeAsync(asked[0]);
        var code = await territory.CodeOfAsync(asked[0]);
        var mail = Assert.Single(await territory.MailsAsync(nameof(SigningCodeMail)));
        Assert.DoesNotContain(code, mail.Body, StringComparison.Ordinal);
        Assert.Contains(MailComposer.CodeMarker, mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(code, (await territory.ReadAsync(db => db.SigningCodes.SingleAsync(Cancel))).CodeHash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_asked_for_twice_within_a_minute_is_sent_once()
    {
        await territory.AskCodeAsync(asked[0]);
        await territory.AskCodeAsync(asked[0]);
        Assert.Single(await territory.MailsAsync(nameof(SigningCodeMail)));
    }

    [Fact]
    public async Task A_substitute_signs_in_the_place_of_who_is_replaced_and_the_evidence_says_why()
    {
        var (task, former, next) = await WithColleagueAsync();
        Assert.NotEmpty(await SubstituteAsync(task.Id, next.Id, ""));
        Assert.NotEmpty(await SubstituteAsync(task.Id, former.Id, "Absence"));
        Assert.Empty(await SubstituteAsync(task.Id, next.Id, "Congé de longue durée"));
        await territory.SettleAsync();

        var changed = await territory.TaskAsync(task.Id);
        Assert.Equal(next.Id, changed.AssigneeContactId);
        Assert.Contains(await territory.MailsAsync("AskPartnerMail"), m => m.ToAddress == next.Email && m.TaskId == task.Id);
        await territory.SignAsync(changed);
        var convention = await ConventionAsync();
        Assert.NotNull(convention.Signatories.Single(s => s.ContactId == next.Id).SignedAt);
        var line = await territory.ReadAsync(async db => (await db.SignatureEvidence.ToListAsync(Cancel)).Single(e => e["kind"] == "substituted"));
        Assert.Contains("Congé de longue durée", line["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_on_paper_counts_with_its_scan_and_the_operator_s_attestation()
    {
        var scan = "%PDF-1.4 numérisé"u8.ToArray();
        Assert.NotEmpty(await PaperAsync(asked[0].Id, scan, isAttested: false));
        Assert.NotEmpty(await PaperAsync(asked[0].Id, "<html>"u8.ToArray(), isAttested: true));
        Assert.Empty(await PaperAsync(asked[0].Id, scan, isAttested: true));
        await territory.SettleAsync();
        foreach (var task in asked.Skip(1)) await territory.SignAsync(task);

        var convention = await ConventionAsync();
        Assert.True(convention.IsSealed);
        Assert.Equal(scan, (await territory.ReadAsync(db => db.Documents.SingleAsync(d => d.Kind == "PaperSignature", Cancel))).Content);
        Assert.Contains("papier", (await territory.ReadAsync(db => db.Documents.SingleAsync(d => d.Id == convention.SealedDocumentId, Cancel))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_definition_has_an_order_each_group_is_asked_and_signs_after_the_one_before()
    {
        await territory.ReloadAsync("convention-signature.json", text => text.Replace(
            "\"deadlineDays\":", """
            "order": { "typeName": "Object", "expression": { "type": "Object", "value": "[\"CompanyHead\", \"LendingPartner, LeadPartner\", \"CommitteeChair\"]" } }, "deadlineDays":
            """, StringComparison.Ordinal));
        await territory.AnswerSignatureAsync(asked[0], SignatureForm.Refused, ("reason", "Essai"));
        await territory.AnswerAsync((await territory.OpenTasksAsync(project)).Single(), "Again");
        var convention = await territory.ReadAsync(db => db.Conventions.AsNoTracking().SingleAsync(c => c.State == ConventionState.AwaitingSignatures, Cancel));
        Guid Of(SignatoryCapacity capacity) => convention.Signatories.Single(s => s.Capacity == capacity).ContactId;
        async Task<List<PartnerTask>> OpenAsync() => [.. (await territory.OpenTasksAsync(project)).Where(t => t.Kind == SignatureForm.Kind)];

        var head = Assert.Single(await OpenAsync());
        Assert.Equal(Of(SignatoryCapacity.CompanyHead), head.AssigneeContactId);
        await territory.WaitAsync(TimeSpan.FromDays(6));   // a reminder falls in: only who is on turn gets one
        Assert.All((await territory.MailsAsync("RemindPartnerMail")).Where(m => m.CreatedAt > territory.Time.GetUtcNow().UtcDateTime.AddDays(-2)), m => Assert.Equal(head.Id, m.TaskId));

        await territory.SignAsync(head);
        var second = await OpenAsync();
        Assert.Equal(2, second.Count);
        foreach (var task in second) await territory.SignAsync(task);
        var last = Assert.Single(await OpenAsync());
        Assert.Equal(Of(SignatoryCapacity.CommitteeChair), last.AssigneeContactId);
        await territory.SignAsync(last);
        Assert.True((await territory.ReadAsync(db => db.Conventions.AsNoTracking().SingleAsync(c => c.Id == convention.Id, Cancel))).IsSealed);
    }

    [Fact]
    public async Task The_advance_is_not_paid_before_the_seal()
    {
        await territory.ChangeAsync(async db => Assert.Equal(ConventionState.AwaitingSignatures, (await db.Conventions.SingleAsync(Cancel)).State));
        Assert.Contains(await territory.PayAsync(project), r => r.Rule == "R8");
        await territory.SignAllAsync(project);
        Assert.Empty(await territory.PayAsync(project));
    }

    private Task<CooperationConvention> ConventionAsync() => territory.ReadAsync(db => db.Conventions.AsNoTracking().SingleAsync(Cancel));

    private Task<IReadOnlyList<Problem>> PaperAsync(Guid task, byte[] scan, bool isAttested) =>
        territory.DoAsync<ConventionSigning, IReadOnlyList<Problem>>(s => s.SignOnPaperAsync(task, scan, "SA", isAttested, "Camille Roussel", Cancel));

    private Task<IReadOnlyList<Problem>> SubstituteAsync(Guid task, Guid by, string reason) => territory.DoAsync<IServiceProvider, IReadOnlyList<Problem>>(
        s => s.GetRequiredService<ConventionSigning>().SubstituteAsync(task, by, reason, "Camille Roussel", s.GetRequiredService<Trail>(), Cancel));

    private async Task<(PartnerTask Task, Contact Former, Contact Next)> WithColleagueAsync()
    {
        var former = await territory.ReadAsync(db => db.Contacts.SingleAsync(c => c.Id == asked[0].AssigneeContactId, Cancel));
        var next = new Contact
        {
            Id = Guid.NewGuid(),
            ProgrammeId = former.ProgrammeId,
            PartnerId = former.PartnerId,
            CompanyId = former.CompanyId,
            Role = former.Role,
            FullName = "Paule Remplaçante",
            Email = "paule@remplacante.example",
            From = new(2026, 1, 1),
        };
        await territory.ChangeAsync(db =>
        {
            db.Contacts.Add(next);
            return Task.CompletedTask;
        });
        return (asked[0], former, next);
    }
}
