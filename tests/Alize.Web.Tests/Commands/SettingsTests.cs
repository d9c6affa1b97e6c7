using Alize.Web.Commands;
using Alize.Web.Hosting;

namespace Alize.Web.Tests.Commands;

public class SettingsTests
{
    [Fact]
    public async Task Every_wrong_setting_is_named_at_once()
    {
        var builder = AlizeHost.CreateBuilder(
            ["--Database:Provider=Foo", "--Mail:Port=abc", "--Mail:Security=x", "--Alize:PublicUrl=nowhere", "--Alize:SeedDemo=perhaps"]);
        builder.AddWeb();
        await using var app = builder.Build();

        var problems = string.Join("\n", SettingsCheck.Problems(app.Services));

        Assert.Contains("Database:Provider vaut « Foo » ; il faut une valeur parmi Sqlite, PostgreSql, SqlServer.", problems, StringComparison.Ordinal);
        Assert.Contains("Mail:Port vaut « abc »", problems, StringComparison.Ordinal);
        Assert.Contains("Mail:Security vaut « x »", problems, StringComparison.Ordinal);
        Assert.Contains("Alize:SeedDemo vaut « perhaps »", problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_that_are_shipped_are_right()
    {
        var builder = AlizeHost.CreateBuilder(["--environment=Production"]);
        builder.AddWeb();
        await using var app = builder.Build();

        Assert.Empty(SettingsCheck.Problems(app.Services));
    }
}
