using System.Reflection;
using Alize.Domain.Eligibility;

namespace Alize.Workflows.Eligibility;

/// <summary>Fills a drop-down with the stages of a project, in the order of its life.</summary>
public sealed class StageChoices : IPropertyUIHandler
{
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(DropDownProps.Specification(Enum.GetValues<ProjectStage>().Select(stage => new SelectListItem(StageNames.French(stage), stage.ToString()))));
}
