using System.Reflection;
using Alize.Domain.Accounts;

namespace Alize.Workflows.Accounts;

/// <summary>Fills a drop-down with the costs of the second account.</summary>
public sealed class CostChoices : IPropertyUIHandler
{
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(DropDownProps.Specification(
            ChartOfAccounts.Of(FundAccount.OperatingCosts).Where(l => l.Number[0] == '6').Select(l => new SelectListItem(l.Label, l.Ledger.ToString()))));
}
