using Alize.Data.Documents;
using Alize.Data.Outbox;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Workflows.Aid;
using Alize.Workflows.Committee;
using Alize.Workflows.Repayment;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tests.Documents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Which document goes with which mail, to whom.</summary>
public sealed class AttachmentTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    [Trait("Rule", "R4")]
    public async Task An_invitation_carries_the_letter_that_names_everybody_invited()
    {
        await territory.OpenSessionAsync(await territory.ReadyForCommitteeAsync());

        var letter = await OnlyAsync(nameof(InvitationDocument));
        var mails = await territory.MailsAsync("SessionInvitationMail");
        Assert.Equal(10, mails.Count);   // nine members and ASTREES
        Assert.All(mails, m => Assert.Equal([letter.Id], m.Attachments));
        var text = await Poppler.TextAsync(letter.Content);
        foreach (var name in new[] { "Hélène Marchand", "Anne Vidal", "ASTREES", "Tournerie des Aulnes", "Salle du conseil" }) Assert.Contains(name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_letter_of_the_steering_committee_gives_its_points_and_says_nothing_of_votes()
    {
        var plan = SessionPlan.At(territory.Time.GetUtcNow().AddDays(30).UtcDateTime, "Préfecture") with { Topics = "Bilan de l’année\nPerspectives", VideoLink = "https://visio.example/pilotage" };
        await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(territory.Programme.Id, CommitteeKind.Steering, plan, "Camille Roussel", Cancel));
        await territory.SettleAsync();

        var text = await Poppler.TextAsync((await OnlyAsync(nameof(InvitationDocument))).Content);
        Assert.Contains("Bilan de l’année", text, StringComparison.Ordinal);
        Assert.Contains("visio.example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("deux tiers", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R8")]
    public async Task Every_signatory_and_the_operator_get_the_sealed_convention()
    {
        var project = await territory.ApprovedAsync();
        await territory.SignAllAsync(project);

        var (convention, addresses) = await territory.ReadAsync(async db =>
        {
            var signed = await db.Conventions.AsNoTracking().SingleAsync(Cancel);
            var ids = signed.Signatories.Select(s => s.ContactId).ToList();
            return (signed, await db.Contacts.Where(c => ids.Contains(c.Id)).Select(c => c.Email).ToListAsync(Cancel));
        });
        var told = (await territory.MailsAsync("NotifyMail")).Where(m => m.Attachments.Contains(convention.SealedDocumentId!.Value)).ToList();
        Assert.Equal(addresses.Append("operateur@alize.example").Order(StringComparer.Ordinal), told.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.All(told, m => Assert.StartsWith("Convention signée", m.Subject, StringComparison.Ordinal));
        Assert.All(told, m => Assert.Equal(MailState.Sent, m.State));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R7c")]
    public async Task The_company_gets_its_certificate_of_aid_with_the_payment_dated_from_the_decision()
    {
        var (project, _) = await territory.PaidAsync();

        var certificate = await OnlyAsync(nameof(AidCertificateDocument));
        Assert.Equal(project, certificate.ProjectId);
        var mail = Assert.Single(await territory.MailsAsync("NotifyMail"), m => m.Attachments.Contains(certificate.Id));
        Assert.Equal("sylvie.arnaud@tournerie.example", mail.ToAddress);
        Assert.Contains("attestation d’aide de minimis", mail.Body, StringComparison.Ordinal);
        var decision = await territory.ReadAsync(db => db.Decisions.AsNoTracking().SingleAsync(Cancel));
        Assert.Contains(FrenchText.Date(decision.DecidedOn).Replace('\u00A0', ' '), await Poppler.TextAsync(certificate.Content), StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R11")]
    public async Task A_company_helped_by_competences_alone_gets_its_certificate_when_the_convention_is_signed()
    {
        var project = await territory.ApprovedAsync(with: form => form with { Advance = Money.Zero, Months = 0, DeferralMonths = 0 });
        await territory.SignAllAsync(project);

        var certificate = await OnlyAsync(nameof(AidCertificateDocument));
        var mail = Assert.Single(await territory.MailsAsync("NotifyMail"), m => m.Attachments.Contains(certificate.Id));
        Assert.Equal("sylvie.arnaud@tournerie.example", mail.ToAddress);
        Assert.Contains("3 500,00 €", await Poppler.TextAsync(certificate.Content), StringComparison.Ordinal);   // ten half-days at 700 € a day
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task A_formal_notice_carries_its_letter_to_the_company_and_to_the_operator_who_posts_it()
    {
        await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 11, 17);

        var letter = await OnlyAsync(nameof(FormalNoticeDocument));
        var mails = (await territory.MailsAsync()).Where(m => m.Attachments.Contains(letter.Id)).ToList();
        Assert.Equal(["NotifyMail", "RemindCompanyMail"], mails.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["operateur@alize.example", "sylvie.arnaud@tournerie.example"], mails.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.All((await territory.MailsAsync("RemindCompanyMail")).Where(m => m.CreatedAt < letter.MadeAt), m => Assert.Empty(m.Attachments));
    }

    private Task<StoredDocument> OnlyAsync(string kind) => territory.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Kind == kind, Cancel));
}
