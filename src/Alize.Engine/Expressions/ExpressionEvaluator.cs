namespace Alize.Engine.Expressions;

/// <summary>Evaluates the expressions of a definition, each kind within its limits.</summary>
public sealed class ExpressionEvaluator
{
}
