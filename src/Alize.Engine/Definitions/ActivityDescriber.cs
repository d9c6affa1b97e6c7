using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Alize.Engine.Activities;
using Alize.Engine.Activities.Primitives;
using Alize.Engine.Expressions;

namespace Alize.Engine.Definitions;

/// <summary>Reads an activity class once, when it is registered.</summary>
internal static partial class ActivityDescriber
{
    private static readonly HashSet<string> OwnMembers = [.. typeof(Activity).GetProperties().Select(p => p.Name)];

    public static ActivityDescriptor Describe<T>()
        where T : Activity, new()
    {
        var type = typeof(T);
        var attribute = type.GetCustomAttribute<ActivityAttribute>() ?? throw new InvalidOperationException(
            $"Class '{type.FullName}' has no [Activity] attribute, so it has no type name. Add [Activity(\"Namespace\", \"Category\", \"Description\")].");
        var name = attribute.Type ?? type.Name;
        var sample = new T();
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0 && !OwnMembers.Contains(p.Name)).ToList();

        return new ActivityDescriptor
        {
            TypeName = $"{attribute.Namespace}.{name}",
            Namespace = attribute.Namespace,
            Name = name,
            Version = attribute.Version,
            Category = attribute.Category ?? attribute.Namespace,
            DisplayName = attribute.DisplayName ?? Words(name),
            Description = attribute.Description,
            Kind = attribute.Kind == ActivityKind.Action && sample is ITrigger ? ActivityKind.Trigger : attribute.Kind,
            // A fork draws its branches in itself, and the designer opens no canvas for it.
            IsContainer = sample is Activities.IContainer and not Activities.Branching.Fork,
            IsStart = sample is Start,
            IsTerminal = sample.IsTerminal,
            IsBrowsable = type.GetCustomAttribute<BrowsableAttribute>()?.Browsable ?? true,
            IsEngineOwn = type.Assembly == typeof(ActivityDescriber).Assembly,
            ClrType = type,
            Create = static () => new T(),
            Inputs = [.. properties.Where(IsInput).Select(p => DescribeInput(p, sample)).OrderBy(i => i.Order)],
            Outputs = [.. properties.Where(p => p.PropertyType.IsSubclassOf(typeof(Output))).Select(DescribeOutput)],
            Ports = [.. Ports(type, properties)],
        };
    }

    /// <summary>"RemindCompany" as "Remind Company", the way Elsa's designer writes them.</summary>
    public static string Words(string name) => WordStart().Replace(name, m => " " + m.Value);

    private static bool IsInput(PropertyInfo property) =>
        property.PropertyType.IsSubclassOf(typeof(Input)) || property.IsDefined(typeof(InputAttribute));

    private static InputDescriptor DescribeInput(PropertyInfo property, Activity sample)
    {
        var attribute = property.GetCustomAttribute<InputAttribute>() ?? new InputAttribute();
        var isWrapped = property.PropertyType.IsSubclassOf(typeof(Input));
        var type = isWrapped ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        var given = property.GetValue(sample);
        // Input<string?> says as well as Input<string>? that there may be nothing.
        var nullability = new NullabilityInfoContext().Create(property);
        var isNullable = nullability.WriteState == NullabilityState.Nullable || (isWrapped && nullability.GenericTypeArguments is [{ ReadState: NullabilityState.Nullable }]);
        return new InputDescriptor
        {
            Name = property.Name,
            JsonName = JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            Type = type,
            TypeName = TypeAliases.ShownAs(type),
            IsWrapped = isWrapped,
            IsRequired = given is null && !isNullable && attribute.DefaultValue is null,
            DisplayName = attribute.DisplayName ?? Words(property.Name),
            Description = attribute.Description,
            Category = attribute.Category,
            Order = attribute.Order,
            UIHint = attribute.UIHint ?? HintFor(type),
            DefaultValue = attribute.DefaultValue ?? (given as Input)?.Constant ?? (isWrapped ? null : given),
            DefaultSyntax = attribute.DefaultSyntax,
            IsBrowsable = attribute.IsBrowsable,
            IsSensitive = attribute.CanContainSecrets,
            GivesOutcomes = attribute.GivesOutcomes,
            AutoEvaluate = attribute.AutoEvaluate,
            Options = attribute.Options,
            UIHandler = attribute.UIHandler,
            Property = property,
            Get = property.GetValue,
            Set = property.SetValue,
        };
    }

    private static OutputDescriptor DescribeOutput(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<OutputAttribute>() ?? new OutputAttribute();
        var type = property.PropertyType.GetGenericArguments()[0];
        return new OutputDescriptor
        {
            Name = property.Name,
            JsonName = JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            Type = type,
            TypeName = TypeAliases.ShownAs(type),
            DisplayName = attribute.DisplayName ?? Words(property.Name),
            Description = attribute.Description,
            Get = property.GetValue,
            Set = property.SetValue,
        };
    }

    private static IEnumerable<PortDescriptor> Ports(Type type, IEnumerable<PropertyInfo> properties)
    {
        foreach (var property in properties.Where(p => typeof(IActivity).IsAssignableFrom(p.PropertyType)))
        {
            var port = property.GetCustomAttribute<PortAttribute>();
            yield return new PortDescriptor(port?.Name ?? property.Name, port?.DisplayName, IsFlow: false)
            {
                Get = a => (IActivity?)property.GetValue(a),
                Set = property.SetValue,
            };
        }

        foreach (var outcome in type.GetCustomAttribute<FlowNodeAttribute>()?.Outcomes ?? [])
            yield return new PortDescriptor(outcome, null, IsFlow: true);
    }

    private static string HintFor(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(bool))
            return InputUIHints.Checkbox;
        if (plain == typeof(DateTime) || plain == typeof(DateTimeOffset))
            return InputUIHints.DateTimePicker;
        if (plain.IsEnum)
            return InputUIHints.DropDown;
        return plain == typeof(string) || plain == typeof(object) || plain.IsValueType ? InputUIHints.SingleLine
            : plain == typeof(Variable) ? InputUIHints.VariablePicker
            : plain.IsArray || (plain.IsGenericType && plain.GetGenericArguments() is [var item] && item == typeof(string)) ? InputUIHints.MultiText
            : InputUIHints.JsonEditor;
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();
}
