namespace Alize.Web.Commands;

internal static class Demo
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
