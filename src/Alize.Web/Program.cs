using Alize.Web.Commands;

return args switch
{
    ["audit", .. var rest] => await AuditJournals.RunAsync(rest),
    ["check", .. var rest] => await Check.RunAsync(rest),
    ["create-user", .. var rest] => await Accounts.CreateAsync(rest),
    ["demo", .. var rest] => await PlayDemo.RunAsync(rest),
    _ => await Start.ServeAsync(args),
};

/// <summary>The program; public so that tests can host it.</summary>
public partial class Program;
