using System.Globalization;
using System.Text.Json;
using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Workflows.Programmes;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>Describes the registered activity types to the Studio.</summary>
internal sealed class ActivityDescriptions(ActivityRegistry registry, IServiceProvider services)
{
    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<ActivityDescription>> AllAsync(DesignContext design, CancellationToken cancel)
    {
        var all = new List<ActivityDescription>();
        foreach (var descriptor in registry.Descriptors)
            all.Add(await DescribeAsync(descriptor, design, cancel));
        return all;
    }

    public async Task<ActivityDescription> DescribeAsync(ActivityDescriptor descriptor, DesignContext design, CancellationToken cancel)
    {
        var inputs = new List<InputDescription>();
        foreach (var input in descriptor.Inputs)
            inputs.Add(await DescribeAsync(descriptor, input, design, cancel));

        return new ActivityDescription
        {
            TypeName = descriptor.TypeName,
            Namespace = descriptor.Namespace,
            Name = descriptor.Name,
            Version = descriptor.Version,
            Category = descriptor.Category,
            DisplayName = descriptor.DisplayName,
            Description = descriptor.Description,
            Inputs = inputs,
            Outputs = [.. descriptor.Outputs.Select(o => new OutputDescription(o.Name, o.TypeName, o.DisplayName, o.Description))],
            Kind = descriptor.Kind.ToString(),
            Ports = [.. descriptor.Ports.Select(p => new PortDescription(p.Name, p.DisplayName ?? OutcomeWords.Of(descriptor.TypeName, p.Name), p.IsFlow ? "Flow" : "Embedded"))],
            IsContainer = descriptor.IsContainer,
            IsBrowsable = descriptor.IsBrowsable,
            IsStart = descriptor.IsStart,
            IsTerminal = descriptor.IsTerminal,
        };
    }

    /// <summary>What an input's editor shows now.</summary>
    public async Task<IDictionary<string, object>> SpecificationsAsync(ActivityDescriptor activity, InputDescriptor input, DesignContext design, CancellationToken cancel)
    {
        if (input is { UIHandler: { } handler, Property: { } property })
            return await ((IPropertyUIHandler)ActivatorUtilities.GetServiceOrCreateInstance(services, handler)).GetUIPropertiesAsync(property, design, cancel);

        var fixedOutcomes = activity.Ports.Where(p => p.IsFlow).Select(p => p.Name).ToList();
        return input.UIHint switch
        {
            InputUIHints.DropDown => DropDownProps.Specification(Choices(input)),
            InputUIHints.CheckList => new Dictionary<string, object> { [input.UIHint] = new { CheckList = new { Items = Choices(input), IsFlagsEnum = false } } },
            InputUIHints.RadioList => new Dictionary<string, object> { [input.UIHint] = new { RadioList = new { Items = Choices(input), IsFlagsEnum = false } } },
            InputUIHints.CodeEditor => Code(input.Options as string ?? "javascript"),
            InputUIHints.JsonEditor => Code("json"),
            InputUIHints.DynamicOutcomes when fixedOutcomes.Count > 0 =>
                new Dictionary<string, object> { ["DynamicOutcomesOptions"] = new { FixedOutcomes = fixedOutcomes } },
            _ => new Dictionary<string, object>(),
        };
    }

    private async Task<InputDescription> DescribeAsync(ActivityDescriptor activity, InputDescriptor input, DesignContext design, CancellationToken cancel) => new()
    {
        Name = input.Name,
        TypeName = input.TypeName,
        DisplayName = input.DisplayName,
        Description = input.Description,
        Order = input.Order,
        IsBrowsable = input.IsBrowsable,
        IsWrapped = input.IsWrapped,
        UiHint = input.UIHint,
        Category = input.Category,
        DefaultValue = Default(input.DefaultValue),
        DefaultSyntax = input.DefaultSyntax,
        IsSensitive = input.IsSensitive,
        AutoEvaluate = input.AutoEvaluate,
        UiSpecifications = await SpecificationsAsync(activity, input, design, cancel),
    };

    /// <summary>Editors read names of enums and invariant texts; numbers, booleans and lists as they are.</summary>
    private static object? Default(object? value) => value switch
    {
        null or bool or string => value,
        Enum name => name.ToString(),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => JsonSerializer.SerializeToElement(value, JsonSerializerOptions.Web),
    };

    private static IReadOnlyList<SelectListItem> Choices(InputDescriptor input)
    {
        var type = input.Options as Type ?? Nullable.GetUnderlyingType(input.Type) ?? input.Type;
        return input.Options switch
        {
            IEnumerable<SelectListItem> items => [.. items],
            IEnumerable<string> texts => [.. texts.Select(t => new SelectListItem(t, t))],
            _ => type.IsEnum ? [.. Enum.GetNames(type).Select(n => new SelectListItem(n, n))] : [],
        };
    }

    // The Studio looks for both editors under this name.
    private static Dictionary<string, object> Code(string language) => new() { [InputUIHints.CodeEditor] = new { Language = language } };
}
