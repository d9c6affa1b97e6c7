using Alize.Data;
using Alize.Engine.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Alize.Crash.Worker;

/// <summary>Impatient people: several threads resume each bookmark of <see cref="AwaitAnswer"/> at the same moment.</summary>
internal sealed class AnswerAtOnce(IServiceScopeFactory scopes, WorkflowRuntime runtime, TimeProvider time, ILogger<AnswerAtOnce> log) : BackgroundService
{
    private const int People = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        while (await pause.WaitForNextTickAsync(stoppingToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            var waiting = await scope.ServiceProvider.GetRequiredService<AlizeDb>().Bookmarks.AsNoTracking()
                .Where(b => b.Name == AwaitAnswer.BookmarkName).OrderBy(b => b.CreatedAt).Select(b => b.Id).Take(20).ToListAsync(stoppingToken);
            foreach (var bookmark in waiting)
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => Task.Run(() => runtime.ResumeAsync(bookmark, null, stoppingToken), stoppingToken)));
                if (answers.Count(a => a is not null) > 1)
                    log.LogCritical("Bookmark {BookmarkId} was consumed twice", bookmark);
            }
        }
    }
}
