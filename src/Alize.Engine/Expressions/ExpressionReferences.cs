using System.Text.RegularExpressions;
using Acornima.Ast;

namespace Alize.Engine.Expressions;

/// <summary>What an expression names, found without evaluating it: the check of definitions compares it with what is declared.</summary>
/// <param name="Variables">Variables read by name.</param>
/// <param name="Written">Variables written by name; writing makes them.</param>
/// <param name="Globals">Other names a script uses and does not declare, where they are neither JavaScript's own nor functions that are always there.</param>
internal sealed partial record ExpressionReferences(IReadOnlyCollection<string> Variables, IReadOnlyCollection<string> Written, IReadOnlyCollection<string> Globals)
{
    private static readonly Lazy<HashSet<string>> Always = new(() =>
    {
        using var engine = new Jint.Engine();
        ScriptGuards.RemoveUnlimited(engine);
        return [.. engine.Global.GetOwnPropertyKeys().Select(key => key.ToString()), "globalThis", "arguments", .. ScriptFunctions.Names];
    });

    public static ExpressionReferences None { get; } = new([], [], []);

    public static ExpressionReferences Of(Program script, IEnumerable<string> globals)
    {
        var (read, written) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var node in script.DescendantNodes())
        {
            switch (node)
            {
                case CallExpression { Callee: Identifier { Name: "getVariable" }, Arguments: [StringLiteral name, ..] }: read.Add(name.Value); break;
                case CallExpression { Callee: Identifier { Name: "setVariable" }, Arguments: [StringLiteral name, ..] }: written.Add(name.Value); break;
                case AssignmentExpression { Left: MemberExpression target } when Member(target) is { } name: written.Add(name); break;
                case MemberExpression member when Member(member) is { } name: read.Add(name); break;
            }
        }

        return new(read, written, [.. globals.Where(name => !Always.Value.Contains(name))]);
    }

    public static ExpressionReferences OfLiquid(string template) =>
        new([.. Tags().Matches(template).SelectMany(tag => LiquidVariables().Matches(tag.Value)).Select(m => m.Groups[1].Value + m.Groups[2].Value).Distinct()], [], []);

    private static string? Member(MemberExpression member) => member switch
    {
        { Object: Identifier { Name: "variables" }, Computed: false, Property: Identifier property } => property.Name,
        { Object: Identifier { Name: "variables" }, Computed: true, Property: StringLiteral property } => property.Value,
        _ => null,
    };

    [GeneratedRegex(@"\{\{.*?\}\}|\{%.*?%\}", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex("""\bVariables(?:\.([\p{L}_][\p{L}\p{N}_]*)|\[\s*["']([^"']+)["']\s*\])""")]
    private static partial Regex LiquidVariables();
}
