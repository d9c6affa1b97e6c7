using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using MimeKit;

namespace Alize.Workflows.Tests.Mail;

/// <summary>Calendar entries, by the letter of their standards (RFC 5545, 5546, 6047).</summary>
public sealed class CalendarInvitationTests(SmtpServer server) : IClassFixture<SmtpServer>
{
    private static readonly CalendarInvitation Invitation = new(
        new("0f6c8d1e-7a54-4c0b-9f7e-1d2c3b4a5968"), 0, new(2026, 3, 16, 8, 30, 0, DateTimeKind.Utc), new(2026, 3, 16, 10, 30, 0, DateTimeKind.Utc),
        "Comité d’agrément du 16 mars 2026", "Salle du conseil, 12 place de la Mairie ; rez-de-chaussée", "https://visio.example/ombrelle?a=1;b=2",
        "Ordre du jour :\n- Atelier d’usinage, cinq axes ; extension\n- Points divers \\ questions", IsCalledOff: false);

    [Theory]
    [InlineData("Karim Benali")]
    [InlineData("Benali, Karim (Papeteries : Val; site « Nord »)")]
    [InlineData("Karim \"le Grand\" Benali")]
    [InlineData("Karim\r\nATTENDEE:mailto:autre@example.org")]
    [InlineData("Ærøskøbing-Ðorđević-Śćiżęłński de la Très Longue Maison des Équipements Industriels du Val de l’Ombrelle 🙂")]
    public void A_strict_reader_takes_an_invitation_whatever_the_names(string name)
    {
        var (method, entry) = StrictCalendar.Read(Invitation.For(Person(name), $"ALIZÉ® {name}", "alize@example.org", MailWorld.Start.UtcDateTime));

        Assert.Equal("REQUEST", method);
        Assert.Equal("mailto:karim@papeteries.example", entry.Single(l => l.Name == "ATTENDEE").Value);
        Assert.Equal("TRUE", entry.Single(l => l.Name == "ATTENDEE").Parameters["RSVP"]);
        Assert.Equal("20260316T083000Z", entry.Single(l => l.Name == "DTSTART").Value);
        Assert.Contains(@"Atelier d’usinage\, cinq axes \; extension", entry.Single(l => l.Name == "DESCRIPTION").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_and_a_cancellation_are_the_same_entry_with_a_higher_number()
    {
        var written = new[] { Invitation, Invitation with { Sequence = 1, StartsAt = Invitation.StartsAt.AddDays(1), EndsAt = Invitation.EndsAt.AddDays(1) }, Invitation with { Sequence = 2, IsCalledOff = true } }
            .Select(i => StrictCalendar.Read(i.For(Person("Karim Benali"), "ALIZÉ®", "alize@example.org", MailWorld.Start.UtcDateTime))).ToList();

        Assert.Equal(["REQUEST", "REQUEST", "CANCEL"], written.Select(w => w.Method));
        Assert.Single(written.Select(w => w.Event.Single(l => l.Name == "UID").Value).Distinct());
        Assert.Equal(["0", "1", "2"], written.Select(w => w.Event.Single(l => l.Name == "SEQUENCE").Value));
        Assert.Single(written.Select(w => w.Event.Single(l => l.Name == "ORGANIZER").Value).Distinct());
    }

    [Fact]
    public async Task The_mail_bears_the_entry_where_calendar_programs_look_for_it()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var person = await world.PersonAsync("invited@partner.example");
        var text = Invitation.For(person, "ALIZÉ®", "alize@example.org", MailWorld.Start.UtcDateTime);
        await world.PostAsync(new NoticeMail("Aubry", new(2026, 6, 1), Domain.Money.Euros(10)), person, "k", new(world.ProgrammeId) { Calendar = text });
        await world.SendAsync();

        var taken = Assert.Single(server.TakenFor("invited@partner.example"));
        var words = Assert.IsType<MultipartAlternative>(Assert.IsType<Multipart>(taken.Body)[0]);
        var entry = Assert.IsType<TextPart>(words[^1]);   // the last alternative is the one preferred (RFC 2046, 5.1.4)
        Assert.Equal("text/calendar", entry.ContentType.MimeType);
        Assert.Equal("REQUEST", entry.ContentType.Parameters["method"]);
        Assert.Equal("utf-8", entry.ContentType.Charset, ignoreCase: true);
        StrictCalendar.Read(entry.Text.ReplaceLineEndings("\r\n"));
        var file = Assert.IsType<MimePart>(Assert.Single(taken.Attachments));
        Assert.Equal("seance.ics", file.FileName);
        using var bytes = new MemoryStream();
        await file.Content!.DecodeToAsync(bytes, TestContext.Current.CancellationToken);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static Contact Person(string name) => new()
    {
        Id = Guid.Empty,
        ProgrammeId = Guid.Empty,
        Role = ContactRole.CommitteeMember,
        FullName = name,
        Email = "karim@papeteries.example",
        From = new(2026, 1, 1),
    };
}
