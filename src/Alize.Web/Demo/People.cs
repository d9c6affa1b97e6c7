using Alize.Workflows.Mail;

namespace Alize.Web.Demo;

/// <summary>
/// What the people of the demonstration do on the service's pages: partners and the company from their mails, the operator signed in.
/// </summary>
internal sealed class People(DemoWorld world)
{
    public const string Root = "/p/" + Workflows.Demo.DemoTerritory.Slug;
    private const string AnswerForm = "form:has(button[name=outcome])";

    private Visitor Operator => world.Operator;

    /// <summary>A partner asks for the personal link, opens it from the mail and signals a project.</summary>
    public async Task DetectAsync(string partnerEmail, Dictionary<string, string> form, CancellationToken cancel)
    {
        using var visitor = new Visitor(world.Site, null, null);
        await visitor.OpenAsync($"/detect?p={Workflows.Demo.DemoTerritory.Slug}", cancel);
        await visitor.PressAsync("form:has([name=email])", null, new() { ["email"] = partnerEmail }, cancel);
        Expect(visitor, "No link could be asked for");
        string? link = null;
        var react = world.OnMail;
        world.OnMail = async (mail, token) =>
        {
            link ??= mail.To.Contains(partnerEmail, StringComparison.Ordinal) ? DemoWorld.LinkOf(mail) : null;
            await react(mail, token);
        };
        await world.SettleAsync(cancel);
        world.OnMail = react;
        await visitor.OpenAsync(link ?? throw new InvalidOperationException($"{partnerEmail} got no link to signal a project."), cancel);
        await visitor.PressAsync("form:has([name=Siret])", null, form, cancel);
        Expect(visitor, "The project was not taken");
        world.Say($"détection   {form["Company"]} : « {form["Title"]} », signalé par {partnerEmail}");
        await world.SettleAsync(cancel);
    }

    /// <summary>Follows a mail's link and answers. The link is opened twice first, as a mail scanner does: nothing may happen by that.</summary>
    public async Task AnswerAsync(MailboxMessage mail, string outcome, Dictionary<string, string> values, CancellationToken cancel)
    {
        using var visitor = new Visitor(world.Site, null, null);
        var link = DemoWorld.LinkOf(mail) ?? throw new InvalidOperationException($"The mail « {mail.Subject} » has no link.");
        await visitor.OpenAsync(link, cancel);
        await visitor.OpenAsync(link, cancel);
        await visitor.PressAsync(AnswerForm, outcome, values, cancel);
        Expect(visitor, $"The answer to « {mail.Subject} » was not taken");
    }

    private readonly Dictionary<string, Visitor> signatories = [];

    /// <summary>Opens the page of a signature and asks for the code; the page stays open for it.</summary>
    public async Task AskCodeAsync(MailboxMessage mail, CancellationToken cancel)
    {
        if (signatories.Remove(mail.To, out var before)) before.Dispose();
        var visitor = signatories[mail.To] = new Visitor(world.Site, null, null);
        var link = DemoWorld.LinkOf(mail) ?? throw new InvalidOperationException($"The mail « {mail.Subject} » has no link.");
        await visitor.OpenAsync(link, cancel);
        await visitor.OpenAsync(link, cancel);
        await visitor.PressAsync("form[action*='handler=Code']", null, [], cancel);
        Expect(visitor, "The code was not sent");
    }

    /// <summary>Types the code of the second mail, reads, initials and signs.</summary>
    public async Task SignAsync(MailboxMessage mail, string code, CancellationToken cancel)
    {
        if (!signatories.Remove(mail.To, out var visitor)) throw new InvalidOperationException($"{mail.To} got a code without asking for one.");
        using (visitor)
        {
            await visitor.PressAsync("form[action*='handler=Verify']", null, new() { ["code"] = code }, cancel);
            Expect(visitor, "The code was not taken");
            await visitor.PressAsync("form:has(button[name=outcome])", "Signed", new() { ["initials"] = "OK", ["consent"] = "true" }, cancel);
            Expect(visitor, "The signature was not taken");
        }

        world.Say($"réponse     {mail.To} signe et paraphe la convention");
    }

    /// <summary>The operator answers a task of his own from his list.</summary>
    public async Task OperatorAnswersAsync(string title, string outcome, Dictionary<string, string> values, CancellationToken cancel)
    {
        await Operator.OpenAsync($"{Root}/tasks", cancel);
        var link = Operator.Page.QuerySelectorAll("a[href*='/tasks/']")
            .FirstOrDefault(a => a.Closest("li, tr, article")?.TextContent.Contains(title, StringComparison.Ordinal) == true)?.GetAttribute("href")
            ?? throw new InvalidOperationException($"The operator has no task « {title} ». The page says: {Operator.Text}");
        await Operator.OpenAsync(link, cancel);
        await Operator.PressAsync(AnswerForm, outcome, values, cancel);
        Expect(Operator, $"The operator's answer to « {title} » was not taken");
        await world.SettleAsync(cancel);
    }

    /// <summary>Plans a session with every project that is ready. Returns its page's address.</summary>
    public async Task<string> PlanSessionAsync(DateOnly day, CancellationToken cancel)
    {
        await Operator.OpenAsync($"{Root}/sessions/new", cancel);
        await Operator.PressAsync("form:has([name=place])", null, new()
        {
            ["startsAt"] = day.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["hour"] = "14:00",
            ["place"] = "Salle du conseil, Saint-Aubin-sur-Ombrelle",
            ["projects"] = "true",
        }, cancel);
        Expect(Operator, "The session was not planned");
        await world.SettleAsync(cancel);
        var session = await world.ReadAsync(db => Task.FromResult(db.CommitteeSessions.OrderByDescending(s => s.StartsAt).Select(s => s.Id).First()));
        return $"{Root}/sessions/{session}";
    }

    /// <summary>Opens a session: the first members in the room, the last one by video.</summary>
    public async Task OpenSessionAsync(string session, CancellationToken cancel)
    {
        await Operator.OpenAsync(session, cancel);
        var fields = Operator.FieldsLike("presence-");
        await Operator.PressAsync("form[action*='handler=Open']", null, fields.Select((f, i) => (f, i == fields.Count - 1 ? "Video" : "Room")).ToDictionary(f => f.f, f => f.Item2), cancel);
        Expect(Operator, "The session was not opened");
        world.Say($"séance      ouverte, {fields.Count} personnes invitées, présences notées");
    }

    /// <summary>Puts an approval to the vote.</summary>
    /// <returns>What the page answers.</returns>
    public async Task<string> DecideAsync(
        string session, string number, int yes, int no, string months, CancellationToken cancel, string advance = "30 000", string? alsoVotes = null)
    {
        await Operator.OpenAsync($"{session}?project={number}", cancel);
        var values = new Dictionary<string, string>
        {
            ["proposal"] = "Approved",
            ["advance"] = advance,
            ["months"] = months,
            ["deferralMonths"] = "6",
            ["partner-0"] = Operator.Option("partner-0", "Papeteries du Val"),
            ["field-0"] = "Qualité et organisation de la production",
            ["halfDays-0"] = "10",
            ["leadPartner"] = Operator.Option("leadPartner", "Chambre de commerce"),
            ["reason"] = "Projet solide, emplois qualifiés.",
        };
        var votes = Operator.FieldsLike("vote-").Where(v => v != alsoVotes).ToList();
        for (var i = 0; i < votes.Count; i++) values[votes[i]] = i < yes ? "Yes" : i < yes + no ? "No" : "Abstained";
        await Operator.PressAsync("form[action*='handler=Decide']", null, values, cancel);
        return $"{(int)Operator.Status} {Operator.Refusal}".Trim();
    }

    public async Task CloseSessionAsync(string session, CancellationToken cancel)
    {
        await Operator.OpenAsync(session, cancel);
        await Operator.PressAsync("form[action*='handler=Close']", null, [], cancel);
        Expect(Operator, "The session was not closed");
        await world.SettleAsync(cancel);
    }

    /// <summary>The operator orders the payment on the project's page. Returns status and refusal.</summary>
    public async Task<string> PayAsync(string number, CancellationToken cancel)
    {
        await Operator.OpenAsync($"{Root}/projects/{number}", cancel);
        await Operator.PressAsync("form[action*='handler=Pay']", null, [], cancel);
        var answer = $"{(int)Operator.Status} {Operator.Refusal}".Trim();
        await world.SettleAsync(cancel);
        return answer;
    }

    /// <summary>The operator records a transfer on the advance's page.</summary>
    public async Task RepayAsync(string reference, Domain.Money amount, string bankReference, CancellationToken cancel)
    {
        await Operator.OpenAsync($"{Root}/advances/{reference}", cancel);
        await Operator.PressAsync("form:has([name=bankReference])", null, new()
        {
            ["amount"] = (amount.Cents / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture),
            ["receivedOn"] = world.Today.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["bankReference"] = bankReference,
        }, cancel);
        Expect(Operator, $"The transfer {bankReference} was not recorded");
        world.Say($"paiement    {amount} reçus, référence {bankReference}");
        await world.SettleAsync(cancel);
    }

    private static void Expect(Visitor visitor, string otherwise)
    {
        if ((int)visitor.Status >= 400)
            throw new InvalidOperationException($"{otherwise}: {(int)visitor.Status}, {(visitor.Refusal.Length > 0 ? visitor.Refusal : visitor.Text)}");
    }
}
