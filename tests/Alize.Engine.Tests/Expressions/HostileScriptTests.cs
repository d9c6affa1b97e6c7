using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class HostileScriptTests
{
    private readonly TestScope scope = new();

    [Theory]
    [InlineData("while (true) {}", "Statements")]
    [InlineData("try { while (true) {} } finally { while (true) {} }", "Statements")]
    [InlineData("try { while (true) {} } catch (e) { 5 }", "Statements")]
    [InlineData("function* g() { while (true) yield 1 } [...g()]", "Statements")]
    [InlineData("(async () => { while (true) { await 1 } })()", "Statements")]
    [InlineData("function f() { return f() } f()", "Recursion")]
    [InlineData("function f() { try { return f() } catch (e) { return 3 } } f()", "Recursion")]
    [InlineData("let o = {get a() { return this.a }}; o.a", "Recursion")]
    [InlineData("let o = {toString() { return '' + this }}; '' + o", "Recursion")]
    [InlineData("new Proxy({}, {get(t, p, r) { return r[p] }}).x", "Recursion")]
    [InlineData("let a = []; for (let i = 0; i < 50000; i++) a = [a]; a.toString()", "")]
    [InlineData("let a = []; for (let i = 0; i < 50000; i++) a = [a]; JSON.stringify(a)", "")]
    [InlineData("let a = []; for (let i = 0; i < 50000; i++) a = [a]; a", "nested")]
    [InlineData("let a = {}; a.a = a; a", "nested")]
    [InlineData("let s = 'xxxxxxxxxx'; while (true) s += s", "Memory")]
    [InlineData("let a = []; while (true) a.push('xxxx' + a.length)", "ListLength")]
    [InlineData("let s = new Set(); for (let i = 0; ; i++) s.add({i})", "")]
    [InlineData("new Array(1e9).fill(0)", "ListLength")]
    [InlineData("Array.from({length: 1e9})", "ListLength")]
    [InlineData("let a = []; a.length = 4e9; a", "ListLength")]
    [InlineData("'x'.repeat(5e8).length", "TextLength")]
    [InlineData("'x'['rep' + 'eat'](5e8).length", "TextLength")]
    [InlineData("'x'.\\u0072epeat(5e8).length", "TextLength")]
    [InlineData("'x'.padStart(5e8)", "TextLength")]
    [InlineData("'a'.repeat(20000).replaceAll('a', 'b'.repeat(20000))", "TextLength")]
    [InlineData("'a'.repeat(20000).replace(/a/g, 'b'.repeat(20000))", "TextLength")]
    [InlineData("'a'.repeat(20000).replace(/a/g, '$`$`')", "TextLength")]
    [InlineData("/a/g[Symbol.replace]('a'.repeat(20000), '$`$`')", "TextLength")]
    [InlineData("''.concat(...Array(20000).fill('b'.repeat(20000)))", "TextLength")]
    [InlineData("Array(20000).fill('b'.repeat(20000)).join()", "TextLength")]
    [InlineData("'' + Array(20000).fill('b'.repeat(20000))", "TextLength")]
    [InlineData("JSON.stringify(Array(20000).fill('b'.repeat(20000)))", "TextLength")]
    [InlineData("toJson(Array(20000).fill('b'.repeat(20000)))", "")]
    [InlineData("let n = 'a'.repeat(300000); ('a' + n + n).indexOf(n + 'b' + 'a')", "TextLength")]
    [InlineData("new ArrayBuffer(2000000000)", "ArrayBuffer is not defined")]
    [InlineData("new Float64Array(200000000)", "Float64Array is not defined")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)", "not defined")]
    [InlineData("BigInt(2) ** BigInt(1e9)", "BigInt is not defined")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + 'b')", "RegexTime")]
    [InlineData("new RegExp('(x+x+)+y').test('x'.repeat(60))", "RegexTime")]
    [InlineData("eval('1 + 1')", "String compilation")]
    [InlineData("(function () {}).constructor('return 1')()", "String compilation")]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')", "System is not defined")]
    [InlineData("getVariable.constructor('return 1')()", "String compilation")]
    [InlineData("import('fs')", "")]
    [InlineData("new Promise(() => {})", "promise")]
    public async Task A_hostile_script_fails_alone(string script, string named)
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Script<object>(script));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, await scope.Script<int>("1 + 1"));
    }

    [Fact]
    public async Task Too_long_is_stopped_by_the_clock()
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Script<object>("while (true) {}", new() { Statements = int.MaxValue, Time = TimeSpan.FromMilliseconds(200) }));

        Assert.Contains("takes too long (limit 00:00:00.2000000, ExpressionOptions.Time)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public async Task Deep_nesting_in_the_text_is_a_syntax_problem_or_works(string script)
    {
        var evaluator = Evaluators.New(new() { SourceLength = 1_000_000 });
        var expression = new Expression("JavaScript", script);

        // In a thread with the smallest usual stack: what is enough there is enough everywhere.
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);   // not on the small stack
        var thread = new Thread(() => done.SetResult(evaluator.SyntaxProblem(expression)), 256 * 1024);
        thread.Start();
        var problem = await done.Task;

        if (problem is null) await evaluator.EvaluateAsync(expression, typeof(object), scope, TestContext.Current.CancellationToken);
        else Assert.Contains("does not parse", problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> Deep() =>
    [
        new string('(', 50_000) + "1" + new string(')', 50_000),
        new string('[', 50_000) + new string(']', 50_000),
        "1" + Many("+1", 50_000),
        new string('!', 50_000) + "1",
        Many("(()=>", 5_000) + "1" + new string(')', 5_000),
        Many("0?1:", 50_000) + "1",
        new string('{', 50_000) + new string('}', 50_000),
        Many("`${", 10_000) + "1" + Many("}`", 10_000),
        "1" + Many(",1", 50_000),
        "/" + new string('(', 20_000) + "a" + new string(')', 20_000) + "/.test('a')",
    ];

    [Fact]
    public void A_text_that_is_too_long_is_not_even_parsed() =>
        Assert.Contains("SourceLength", Evaluators.New().SyntaxProblem(new("JavaScript", new string(' ', 100_000) + "1")), StringComparison.Ordinal);

    [Fact]
    public async Task A_script_reaches_no_object_of_the_host()
    {
        scope.Variables["Type"] = new { Name = "x" };

        Assert.Equal("undefined", await scope.Script<string>("typeof getType().GetType"));
        Assert.Equal("undefined", await scope.Script<string>("typeof getVariable('Type').constructor.Assembly"));
    }

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
