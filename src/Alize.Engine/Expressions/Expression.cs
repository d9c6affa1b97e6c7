namespace Alize.Engine.Expressions;

/// <summary>An expression as a definition writes it: <c>{"type":"JavaScript","value":"getVariable('X')"}</c>.</summary>
/// <param name="Type">Elsa's name: Literal, Object, Variable, Input, JavaScript, Liquid.</param>
/// <param name="Value">A string, number, boolean or <see cref="System.Text.Json.Nodes.JsonNode"/>, as the JSON had it. Null for none.</param>
public sealed record Expression(string Type, object? Value);
