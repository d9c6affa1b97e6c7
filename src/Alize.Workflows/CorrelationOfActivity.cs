namespace Alize.Workflows;

/// <summary>How our steps read what their instance is about.</summary>
public static class CorrelationOfActivity
{
    /// <exception cref="InvalidOperationException">The instance was started without the id of what it is about.</exception>
    public static Guid Correlation(this ActivityExecutionContext context) =>
        Guid.TryParse(context.WorkflowExecutionContext.CorrelationId, out var id)
            ? id
            : throw new InvalidOperationException(
                $"Instance '{context.WorkflowExecutionContext.Id}' needs the id of a project or session as its correlation id, and has '{context.WorkflowExecutionContext.CorrelationId}'.");
}
