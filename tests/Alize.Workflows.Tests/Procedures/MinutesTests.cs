using System.Text.Json;
using Alize.Data.Documents;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Documents;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tests.Documents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Minutes: drafted from the session, corrected by the operator, approved by the chair, sealed, sent, kept (R4, art. 5.2).</summary>
[Trait("Rule", "R4")]
public sealed class MinutesTests : IAsyncLifetime
{
    private readonly Territory territory = new();
    private Guid session;

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        var project = await territory.ReadyForCommitteeAsync();
        (session, var members) = await territory.OpenSessionAsync(project);
        Assert.NotNull((await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 6, no: 2))).Decision);
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, "Camille Roussel", Cancel));
        await territory.SettleAsync();
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task What_the_chair_asks_to_correct_the_operator_corrects_and_the_chair_approves_the_corrected_text()
    {
        await territory.AnswerAsync(await TaskAsync("approuver"), "Corrections", ("remarks", "Sophie Lambert a précisé le calendrier."));
        Assert.Null(await MinutesAsync());
        var correction = await TaskAsync("corriger");
        Assert.Equal("operateur@alize.example", await AddressOfAsync(correction.AssigneeContactId));
        Assert.Contains("précisé le calendrier", correction.Instructions, StringComparison.Ordinal);
        await territory.AnswerAsync(correction, "Corrected", ("minutes", "## Compte rendu corrigé\n\nLe calendrier est précisé."));

        var again = await TaskAsync("approuver");
        Assert.Equal("helene.marchand@verrerie.example", await AddressOfAsync(again.AssigneeContactId));
        Assert.Contains("Le calendrier est précisé.", again.Instructions, StringComparison.Ordinal);
        await territory.AnswerAsync(again, "Approved");

        var kept = await MinutesAsync();
        Assert.Contains("Le calendrier est précisé.", await Poppler.TextAsync(kept!.Content), StringComparison.Ordinal);
        Assert.Equal(SessionState.MinutesSent, await StateAsync());
    }

    [Fact]
    public async Task Approved_minutes_are_sealed_and_go_as_PDF_to_every_member_and_to_ASTREES()
    {
        await territory.AnswerAsync(await TaskAsync("approuver"), "Approved");

        var kept = (await MinutesAsync())!;
        var told = (await territory.MailsAsync("NotifyMail")).Where(m => m.Attachments.Contains(kept.Id)).ToList();
        var invited = (await territory.MailsAsync("SessionInvitationMail")).Select(m => m.ToAddress);
        Assert.Equal(invited.Order(StringComparer.Ordinal), told.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.Contains("anne.vidal@astrees.example", told.Select(m => m.ToAddress));
        Assert.All(told, m => Assert.Contains("3 × 6 = 18", m.Body, StringComparison.Ordinal));

        Assert.True(PdfSeal.Check(kept.Content).IsWhole);
        Assert.Contains("Signature is Valid", await Poppler.AskAsync("pdfsig", kept.Content), StringComparison.Ordinal);
        var text = await Poppler.TextAsync(kept.Content);
        foreach (var words in new[] { "Hélène Marchand", "3 × 6 = 18", "30 000,00 €", "Papeteries du Val, 5 journées en « Qualité »", "Mandataire : Chambre de commerce du Val", "approuvé par Hélène Marchand le 16 mars 2026", "/verifier" }) Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task Who_joined_the_committee_since_the_session_gets_the_minutes_too()
    {
        await territory.LucieJoinsAsync(new(2026, 3, 10));
        await territory.AnswerAsync(await TaskAsync("approuver"), "Approved");

        var kept = (await MinutesAsync())!;
        Assert.Contains("lucie@papeteries.example", (await territory.MailsAsync("NotifyMail")).Where(m => m.Attachments.Contains(kept.Id)).Select(m => m.ToAddress));
    }

    [Fact]
    public async Task One_changed_byte_of_the_minutes_shows_and_the_check_knows_the_true_ones()
    {
        await territory.AnswerAsync(await TaskAsync("approuver"), "Approved");
        var kept = (await MinutesAsync())!;
        Task<CheckedFile> CheckAsync(byte[] file) => territory.DoAsync<FileCheck, CheckedFile>(c => c.CheckAsync(file, Cancel));

        var whole = await CheckAsync(kept.Content);
        Assert.Equal((FileVerdict.Sealed, 0, 0), (whole.Verdict, whole.Signatures.Count, whole.ChainLines));
        Assert.NotEmpty(whole.SealedBy);
        foreach (var at in new[] { 200, kept.Content.Length / 2, kept.Content.Length - 10 })
        {
            var changed = kept.Content.ToArray();
            changed[at] ^= 1;
            Assert.False(PdfSeal.Check(changed).IsWhole);
            Assert.Equal(FileVerdict.Changed, (await CheckAsync(changed)).Verdict);
        }

        var middle = kept.Content.ToArray();
        middle[middle.Length / 2] ^= 1;
        Assert.DoesNotContain("Signature is Valid", await Poppler.AskAsync("pdfsig", middle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_minutes_are_kept_as_data_too()
    {
        await territory.AnswerAsync(await TaskAsync("approuver"), "Approved");
        var kept = (await MinutesAsync())!;

        Assert.Equal(DocumentArchive.HashOf(kept.Content), kept.Sha256);
        var data = JsonDocument.Parse(kept.Source).RootElement;
        Assert.Equal(10, data.GetProperty("invited").GetArrayLength());
        Assert.Equal("Room", data.GetProperty("invited")[0].GetProperty("presence").GetString());
        var decision = Assert.Single(data.GetProperty("decisions").EnumerateArray());
        Assert.Equal((9, 6, 2, 1), (Number("present"), Number("yes"), Number("no"), Number("abstained")));
        Assert.Equal(10, decision.GetProperty("competences")[0].GetProperty("halfDays").GetInt32());
        Assert.Equal("Approved", decision.GetProperty("outcome").GetString());
        Assert.Equal(3_000_000, decision.GetProperty("advance").GetProperty("cents").GetInt64());
        int Number(string name) => decision.GetProperty(name).GetInt32();
    }

    private async Task<Data.Tasks.PartnerTask> TaskAsync(string words) => (await territory.OpenTasksAsync()).Single(t => t.Title.Contains(words, StringComparison.Ordinal));

    private Task<string> AddressOfAsync(Guid contact) => territory.ReadAsync(db => db.Contacts.Where(c => c.Id == contact).Select(c => c.Email).SingleAsync(Cancel));

    private Task<StoredDocument?> MinutesAsync() =>
        territory.ReadAsync(db => db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Kind == nameof(MinutesDocument) && d.SubjectId == session, Cancel));

    private Task<SessionState> StateAsync() => territory.ReadAsync(db => db.CommitteeSessions.Where(s => s.Id == session).Select(s => s.State).SingleAsync(Cancel));
}
