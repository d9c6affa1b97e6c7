using Alize.Crash.Worker;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Workflows;
using Alize.Workflows.Deadlines;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

// The service without its pages: the same registrations in the same order as the web program, and steps that can be counted.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.ColorBehavior) = (true, LoggerColorBehavior.Disabled)).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddData(builder.Configuration);
builder.Services.AddWorkflows(builder.Configuration);
builder.Services.AddDeadlines();
builder.Services.AddHangfire(_ => { });
builder.Services.AddHangfireServer(DeadlineServers.Work);
builder.Services.AddHangfireServer(DeadlineServers.Deadlines);
builder.Services.AddHostedService<AnswerAtOnce>();

// Where a step is to end the process again and again, nobody wants to wait for it.
if (builder.Configuration[Deadly.Setting] is not null) builder.Services.Configure<EngineOptions>(engine => engine.PauseBeforeSuspects = TimeSpan.Zero);
using var host = builder.Build();
host.Services.GetRequiredService<ActivityRegistry>().Add<AwaitAnswer>().Add<Deadly>().Add<Effect>();

await host.Services.MigrateAsync(CancellationToken.None);
await host.Services.GetRequiredService<DefinitionLoader>().LoadAsync(Path.Combine(AppContext.BaseDirectory, "Procedures"), CancellationToken.None);
await host.Services.StartDeadlinesAsync(CancellationToken.None);
await host.StartAsync();
Console.WriteLine("READY");

// An orderly stop: the test closes our input.
await Console.In.ReadToEndAsync();
await host.StopAsync();
