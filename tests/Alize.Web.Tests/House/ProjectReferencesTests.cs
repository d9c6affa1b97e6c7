using System.Reflection;

namespace Alize.Web.Tests.House;

/// <summary>Five projects in one straight line, two leaves that ignore each other: the compiler guards the walls, this test guards the doors.</summary>
public class ProjectReferencesTests
{
    [Theory]
    [InlineData("Alize.Domain")]
    [InlineData("Alize.Engine")]
    [InlineData("Alize.Data", "Alize.Domain", "Alize.Engine")]
    [InlineData("Alize.Workflows", "Alize.Data", "Alize.Domain", "Alize.Engine")]
    [InlineData("Alize.Web", "Alize.Data", "Alize.Domain", "Alize.Engine", "Alize.Workflows")]
    public void A_floor_sees_only_the_floors_below_it(string project, params string[] below) =>
        Assert.Empty(References(project).Where(r => r.StartsWith("Alize.", StringComparison.Ordinal)).Except(below));

    [Fact]
    public void The_convention_needs_no_package() =>
        Assert.All(References("Alize.Domain"), r => Assert.StartsWith("System.", r, StringComparison.Ordinal));

    [Fact]
    public void The_engine_knows_no_database_and_no_web() =>
        Assert.DoesNotContain(References("Alize.Engine"), r => r.Contains("EntityFramework", StringComparison.Ordinal) || r.Contains("AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Steps_cannot_see_a_request() =>
        Assert.DoesNotContain(References("Alize.Workflows"), r => r.Contains("AspNetCore.Http", StringComparison.Ordinal) || r.Contains("AspNetCore.Mvc", StringComparison.Ordinal));

    private static IEnumerable<string> References(string project) => Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!);
}
