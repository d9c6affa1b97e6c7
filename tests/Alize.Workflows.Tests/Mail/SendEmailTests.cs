using Alize.Data.Outbox;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Tests.Mail;

public sealed class SendEmailTests(Territory territory) : IClassFixture<Territory>
{
    private static CancellationToken Cancel => Territory.Cancel;

    [Fact]
    public async Task Each_address_gets_a_mail_of_its_own_and_once()
    {
        var id = await RunAsync(""" "to":{"expression":{"type":"JavaScript","value":"['a@partner.example','A@Partner.example']"}},"cc":{"expression":{"type":"Object","value":"[\"b@partner.example\"]"}} """, "<p>Bonjour <b>Ada</b>,</p><p>voyez <a href=\\\"https://example.org/x\\\">la page</a>.</p>");
        await territory.SettleAsync();

        var mails = await MailsAsync(id);
        Assert.Equal(["a@partner.example", "b@partner.example"], mails.Select(m => m.ToAddress));
        Assert.All(mails, m => Assert.Equal((MailState.Sent, "Objet", "Bonjour **Ada**,\n\nvoyez [la page](https://example.org/x).\n"), (m.State, m.Subject, m.Body)));
        Assert.Equal(WorkflowSubStatus.Finished, (await InstanceAsync(id))!.SubStatus);
    }

    [Fact]
    public async Task A_burst_that_is_rolled_back_has_sent_nothing()
    {
        var id = await RunAsync(""" "to":{"expression":{"type":"Object","value":"[\"a@partner.example\",\"nobody\"]"}} """, "x");

        Assert.Empty(await MailsAsync(id));
        Assert.Equal(1, (await InstanceAsync(id))!.IncidentCount);
    }

    [Theory]
    [InlineData(""" "to":{"expression":{"type":"Object","value":"[]"}} """)]
    [InlineData(""" "to":{"expression":{"type":"Object","value":"[\"a@partner.example\"]"}},"from":{"expression":{"type":"Literal","value":"ministre@gouv.example"}} """)]
    [InlineData(""" "to":{"expression":{"type":"Object","value":"[\"a@partner.example\"]"}},"attachments":{"expression":{"type":"Literal","value":"file.pdf"}} """)]
    public async Task What_cannot_be_sent_goes_on_by_the_error_where_one_is_drawn(string inputs)
    {
        var id = await RunAsync(inputs + ""","error":{"id":"err","type":"Elsa.WriteLine","version":1} """, "x");

        Assert.Empty(await MailsAsync(id));
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await InstanceAsync(id))!.SubStatus, (await InstanceAsync(id))!.IncidentCount));
        Assert.Contains(await territory.DoAsync<IWorkflowStore, IReadOnlyList<ActivityExecutionRecord>>(s => s.ExecutionsAsync(id, Cancel)), e => e.ActivityId == "err");
    }

    private async Task<string> RunAsync(string inputs, string body)
    {
        var definition = $"mail-{Guid.NewGuid():N}";
        var json = $$$"""
            {"definitionId":"{{{definition}}}","root":{"id":"m","type":"Elsa.SendEmail","version":1,{{{inputs}}},
             "subject":{"expression":{"type":"Literal","value":"Objet"}},"body":{"expression":{"type":"Literal","value":"{{{body}}}"}} } }
            """;
        await territory.DoAsync<DefinitionLoader, LoadedFile>(l => l.LoadAsync(definition, json, Cancel));
        var id = $"i-{definition}";
        await territory.Runtime.StartAsync(new StartWorkflow { DefinitionId = definition, InstanceId = id }, Cancel);
        return id;
    }

    private Task<List<OutboxMail>> MailsAsync(string id) =>
        territory.ReadAsync(db => db.OutboxMails.AsNoTracking().Where(m => m.Key.StartsWith(id)).OrderBy(m => m.ToAddress).ToListAsync(Cancel));

    private Task<WorkflowInstance?> InstanceAsync(string id) => territory.DoAsync<IWorkflowStore, WorkflowInstance?>(s => s.FindInstanceAsync(id, Cancel));
}
