using System.Reflection;

namespace Alize.Engine.Activities;

/// <summary>Editors that Elsa Studio knows, by their exact names.</summary>
public static class InputUIHints
{
#pragma warning disable CS1591 // The names say it.
    public const string SingleLine = "singleline";
    public const string MultiLine = "multiline";
    public const string Checkbox = "checkbox";
    public const string CheckList = "checklist";
    public const string RadioList = "radiolist";
    public const string DropDown = "dropdown";
    public const string MultiText = "multitext";
    public const string Dictionary = "dictionary";
    public const string CodeEditor = "code-editor";
    public const string JsonEditor = "json-editor";
    public const string ExpressionEditor = "expression-editor";
    public const string DateTimePicker = "datetime-picker";
    public const string VariablePicker = "variable-picker";
    public const string InputPicker = "input-picker";
    public const string OutputPicker = "output-picker";
    public const string OutcomePicker = "outcome-picker";
    public const string WorkflowDefinitionPicker = "workflow-definition-picker";
    public const string TypePicker = "type-picker";
    public const string DynamicOutcomes = "dynamic-outcomes";
    public const string SwitchEditor = "switch-editor";
    public const string FlowSwitchEditor = "flow-switch-editor";
    public const string HttpStatusCodes = "http-status-codes";
    public const string SecretPicker = "secret-picker";
#pragma warning restore CS1591
}

/// <summary>Gives an editor what it shows, e.g. the values of a list.</summary>
public interface IPropertyUIHandler
{
    /// <summary>Specifications by name, as <c>uiSpecifications</c> of the descriptor has them.</summary>
    ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default);
}

/// <summary>An item of a list editor.</summary>
/// <param name="Text">What people read.</param>
/// <param name="Value">What the definition holds.</param>
public sealed record SelectListItem(string Text, string Value);

/// <summary>The items of a list editor.</summary>
/// <param name="Items">The items.</param>
/// <param name="IsFlagsEnum">Whether several may hold at once.</param>
/// <param name="SortItems">Whether the designer sorts them by what people read.</param>
public sealed record SelectList(IReadOnlyList<SelectListItem> Items, bool IsFlagsEnum = false, bool SortItems = false);

/// <summary>What a drop-down shows.</summary>
/// <param name="SelectList">Its items.</param>
public sealed record DropDownProps(SelectList SelectList)
{
    /// <summary>As the specification of an input.</summary>
    public static IDictionary<string, object> Specification(IEnumerable<SelectListItem> items) =>
        new Dictionary<string, object> { [InputUIHints.DropDown] = new DropDownProps(new SelectList([.. items])) };
}
