using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Storage;

public sealed class InMemoryWorkflowStoreTests : WorkflowStoreContract
{
    private readonly InMemoryDatabase _database = new();

    protected override Task<T> InScopeAsync<T>(Func<IWorkflowStore, Task<T>> work) => work(new InMemoryWorkflowStore(_database));

    [Fact]
    public async Task What_was_read_can_be_changed_without_changing_what_is_stored()
    {
        var instance = new WorkflowInstance
        {
            Id = "i",
            DefinitionId = "d",
            DefinitionVersionId = "d:1",
            DefinitionVersion = 1,
            State = [],
            CreatedAt = DateTime.UnixEpoch,
            UpdatedAt = DateTime.UnixEpoch,
        };
        await InScopeAsync(async s =>
        {
            await s.CommitAsync(new Burst { Instance = instance, IsNew = true }, Cancel);
            return 0;
        });
        var read = await InScopeAsync(s => s.FindInstanceAsync("i", Cancel));
        read!.CorrelationId = "changed";

        Assert.Null((await InScopeAsync(s => s.FindInstanceAsync("i", Cancel)))?.CorrelationId);
    }
}
