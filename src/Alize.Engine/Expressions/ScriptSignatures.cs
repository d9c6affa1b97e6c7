using System.Text;

namespace Alize.Engine.Expressions;

/// <summary>What a script can call, written as TypeScript declarations, so that an editor completes and checks.</summary>
public static class ScriptSignatures
{
    /// <summary>Parameters and result of each function of <see cref="ExpressionEvaluator.ScriptFunctionNames"/>, by its name.</summary>
    public static IReadOnlyDictionary<string, string> Functions { get; } = new Dictionary<string, string>
    {
        ["addDays"] = "(day: Date | string, days: number): Date | string",
        ["addMonths"] = "(day: Date | string, months: number): Date | string",
        ["bytesFromBase64"] = "(text: string): number[]",
        ["bytesFromString"] = "(text: string): number[]",
        ["bytesToBase64"] = "(bytes: number[]): string",
        ["bytesToString"] = "(bytes: number[]): string",
        ["daysBetween"] = "(from: Date | string, to: Date | string): number",
        ["getCorrelationId"] = "(): string | null",
        ["getGuidString"] = "(): string",
        ["getInput"] = "(name: string): any",
        ["getLastResult"] = "(): any",
        ["getOutput"] = "(name: string): any",
        ["getOutputFrom"] = "(activityIdOrName: string, outputName?: string): any",
        ["getShortGuid"] = "(): string",
        ["getVariable"] = "(name: string): any",
        ["getWorkflowDefinitionId"] = "(): string",
        ["getWorkflowDefinitionVersion"] = "(): number",
        ["getWorkflowDefinitionVersionId"] = "(): string",
        ["getWorkflowInstanceId"] = "(): string",
        ["getWorkflowInstanceName"] = "(): string | null",
        ["isNullOrEmpty"] = "(text: string | null): boolean",
        ["isNullOrWhiteSpace"] = "(text: string | null): boolean",
        ["newGuid"] = "(): string",
        ["newGuidString"] = "(): string",
        ["newShortGuid"] = "(): string",
        ["now"] = "(): Date",
        ["parseGuid"] = "(text: string): string",
        ["parseJson"] = "(text: string): any",
        ["setCorrelationId"] = "(value: string | null): void",
        ["setOutput"] = "(name: string, value: any): void",
        ["setVariable"] = "(name: string, value: any): void",
        ["setWorkflowInstanceName"] = "(value: string | null): void",
        ["stringFromBase64"] = "(text: string): string",
        ["stringToBase64"] = "(text: string): string",
        ["toJson"] = "(value: any): string",
        ["today"] = "(): string",
    };

    /// <summary>Declarations of the functions, of the accessors of variables, inputs and outputs, and of the object <c>variables</c>.</summary>
    /// <param name="variables">Variables and their types' names, see <see cref="TypeAliases"/>.</param>
    /// <param name="inputs">Inputs of the definition and their types' names.</param>
    /// <param name="outputs">Name of an activity, name of its output, the output's type's name.</param>
    public static string Declare(
        IEnumerable<(string Name, string? Type)> variables, IEnumerable<(string Name, string? Type)> inputs, IEnumerable<(string Activity, string Output, string? Type)> outputs)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        var declarations = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, signature) in Functions)
            declarations.Add($"declare function {name}{signature};");

        var members = new StringBuilder();
        foreach (var (name, type) in variables)
        {
            members.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {System.Text.Json.JsonSerializer.Serialize(name)}: {TypeOf(type)};\n");
            if (Accessor(name) is not { } accessor)
                continue;

            declarations.Add($"declare function get{accessor}(): {TypeOf(type)};");
            declarations.Add($"declare function set{accessor}(value: {TypeOf(type)}): void;");
        }

        foreach (var (name, type) in inputs)
            if (Accessor(name) is { } accessor)
                declarations.Add($"declare function get{accessor}(): {TypeOf(type)};");
        foreach (var (activity, output, type) in outputs)
            if (Accessor(activity) is { } from && Accessor(output) is { } name)
                declarations.Add($"declare function get{name}From{from}(): {TypeOf(type)};");

        return $"{string.Join('\n', declarations)}\ndeclare const variables: {{\n{members}  [name: string]: any;\n}};\n";
    }

    /// <summary>Elsa's form of a name in an accessor, and of a definition's name as a type: <c>due-day</c> is <c>DueDay</c>.</summary>
    public static string Pascal(string name) => ScriptFunctions.Pascal(name);

    /// <summary>The type in TypeScript of a value of an Elsa type.</summary>
    public static string TypeOf(string? typeName)
    {
        if (typeName is null)
            return "any";
        if (typeName.EndsWith("[]", StringComparison.Ordinal))
            return $"{TypeOf(typeName[..^2])}[]";
        if (typeName.StartsWith("List<", StringComparison.Ordinal) && typeName.EndsWith('>'))
            return $"{TypeOf(typeName[5..^1])}[]";
        return typeName switch
        {
            "String" or "Guid" or "TimeSpan" or "DateOnly" or "TimeOnly" or "Uri" => "string",
            "Boolean" => "boolean",
            "Int16" or "Int32" or "Int64" or "Long" or "Single" or "Double" or "Decimal" or "Byte" => "number",
            "DateTime" or "DateTimeOffset" => "Date",
            "StringDictionary" => "Record<string, string>",
            "ObjectDictionary" => "Record<string, any>",
            "ByteArray" => "number[]",
            _ => "any",
        };
    }

    /// <summary>The name in an accessor; null where no identifier can be made of it, so that only <c>getVariable('…')</c> reads it.</summary>
    private static string? Accessor(string name)
    {
        var pascal = ScriptFunctions.Pascal(name);
        return pascal.Length > 0 && pascal.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? pascal : null;
    }
}
