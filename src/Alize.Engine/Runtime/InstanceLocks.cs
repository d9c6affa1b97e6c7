namespace Alize.Engine.Runtime;

/// <summary>One burst of an instance at a time within this process; between processes the instance's revision decides.</summary>
internal sealed class InstanceLocks
{
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Lock _gate = new();

    public async Task<IDisposable> EnterAsync(string instanceId, CancellationToken cancel)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(instanceId, out entry!))
                _entries[instanceId] = entry = new Entry();
            entry.Users++;
        }

        try
        {
            await entry.Semaphore.WaitAsync(cancel);
        }
        catch
        {
            Leave(instanceId, entry);
            throw;
        }

        return new Held(this, instanceId, entry);
    }

    private void Leave(string instanceId, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;

            _entries.Remove(instanceId);
        }

        entry.Semaphore.Dispose();
    }

    private sealed class Entry
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Held(InstanceLocks locks, string instanceId, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Semaphore.Release();
            locks.Leave(instanceId, entry);
        }
    }
}
