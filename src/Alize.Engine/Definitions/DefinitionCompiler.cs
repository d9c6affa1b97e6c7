using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>Turns a version's JSON into activities, once. All reflection happens here.</summary>
internal sealed partial class DefinitionCompiler(ActivityRegistry registry, StoredDefinition definition)
{
    private const int MaxDepth = 8;
    private readonly List<ActivityNode> _nodes = [];
    private CommitPoints _commits = new(false, false);

    /// <summary>Definitions used as activities, by the JSON that names them; loaded before compiling, since compiling does not wait.</summary>
    private readonly Dictionary<(string DefinitionId, string? VersionId), StoredDefinition> _used = [];

    /// <summary>Finds a version by id, or the published version of a definition.</summary>
    public delegate Task<StoredDefinition?> FindDefinition(string definitionId, string? versionId, CancellationToken cancel);

    /// <exception cref="DefinitionException">It names what does not exist.</exception>
    public static async Task<CompiledWorkflow> CompileAsync(
        ActivityRegistry registry, StoredDefinition definition, FindDefinition find, CancellationToken cancel)
    {
        var compiler = new DefinitionCompiler(registry, definition);
        var document = DefinitionDocument.Parse(definition.Json).Normalise();
        await compiler.LoadUsedAsync(document, find, 0, cancel);
        return compiler.Compile(document);
    }

    /// <summary>Materialises one activity with all it holds.</summary>
    internal Activity Materialise(JsonObject json, ActivityNode parent)
    {
        var type = ActivityReader.Text(json["type"]) ?? "";
        if (registry.TryFind(type, out var descriptor))
        {
            var activity = descriptor.Create();
            var node = Attach(activity, descriptor, json, parent);
            node.Variables = ActivityReader.Variables(json["variables"]);
            new ActivityReader(this, json, node).Fill(activity, descriptor);
            return activity;
        }

        return Used(json) is { } key && _used.TryGetValue(key, out var used) ? MaterialiseUsed(json, parent, used) : throw new DefinitionException(
            new Sentence("unknown-activity", definition.DefinitionId, definition.Version, type, json["id"], Sentence.DidYouMean(registry.NearestType(type))));
    }

    private static (string DefinitionId, string? VersionId)? Used(JsonObject json) =>
        ActivityReader.Text(json["workflowDefinitionId"]) is { } id ? (id, ActivityReader.Text(json["workflowDefinitionVersionId"])) : null;

    private async Task LoadUsedAsync(DefinitionDocument document, FindDefinition find, int depth, CancellationToken cancel)
    {
        if (depth > MaxDepth)
            throw new DefinitionException(new Sentence("too-deep", definition.DefinitionId, MaxDepth));

        foreach (var json in document.Activities())
        {
            if (Used(json) is not { } key || _used.ContainsKey(key) || registry.TryFind(ActivityReader.Text(json["type"]) ?? "", out _))
                continue;

            _used[key] = await find(key.DefinitionId, key.VersionId, cancel) ?? throw new DefinitionException(
                new Sentence("unpublished-activity", definition.DefinitionId, definition.Version, key.DefinitionId));
            await LoadUsedAsync(DefinitionDocument.Parse(_used[key].Json), find, depth + 1, cancel);
        }
    }

    private CompiledWorkflow Compile(DefinitionDocument document)
    {
        registry.TryFind("Elsa.Workflow", out var descriptor);
        var workflow = new Workflow();
        var root = new ActivityNode(workflow, descriptor ?? ActivityDescriber.Describe<Workflow>(), null);
        var options = document.Json["options"] as JsonObject;
        _commits = CommitPoints.OfDefinition(options);
        Declare(workflow, root, document, definition, document.WorkflowId);
        if (CommitPoints.BeforeFirst(options) && root.Children is [var first])
            first.Commits = new(true, first.Commits?.After == true);
        return new CompiledWorkflow(workflow, root, _nodes)
        {
            ActivationStrategy = Runtime.ActivationStrategies.Normalise(ActivityReader.Text(options?["activationStrategyType"])),
            IncidentStrategy = ActivityReader.Text(options?["incidentStrategyType"]),
            IsUsableAsActivity = options?["usableAsActivity"] is JsonValue v && v.TryGetValue(out bool usable) && usable,
            ReadsOutputs = _used.Values.Append(definition).Any(d => OutputAccessor().IsMatch(d.Json)),
        };
    }

    private void Declare(Workflow workflow, ActivityNode node, DefinitionDocument document, StoredDefinition stored, string nodeId)
    {
        workflow.Node = node;
        workflow.Id = document.WorkflowId;
        workflow.NodeId = nodeId;
        workflow.Type = "Elsa.Workflow";
        workflow.DefinitionId = stored.DefinitionId;
        workflow.DefinitionVersionId = stored.Id;
        workflow.DefinitionVersion = stored.Version;
        workflow.Variables = ActivityReader.Variables(document.Json["variables"]);
        workflow.Inputs = ActivityReader.Arguments(document.Json["inputs"]);
        workflow.Outputs = ActivityReader.Arguments(document.Json["outputs"]);
        node.Variables = workflow.Variables;
        _nodes.Add(node);
        if (document.Root is { } root)
            workflow.Root = Materialise(root, node);
    }

    private DefinitionActivity MaterialiseUsed(JsonObject json, ActivityNode parent, StoredDefinition used)
    {
        var document = DefinitionDocument.Parse(used.Json);
        var activity = new DefinitionActivity { WorkflowDefinitionId = used.DefinitionId };
        var node = Attach(activity, UsedDescriptor(json), json, parent);
        registry.TryFind("Elsa.Workflow", out var descriptor);
        var inner = new ActivityNode(activity.Inner, descriptor ?? ActivityDescriber.Describe<Workflow>(), node);
        node.Children.Add(inner);
        Declare(activity.Inner, inner, document, used, $"{node.NodeId}:{document.WorkflowId}");

        var reader = new ActivityReader(this, json, node);
        foreach (var argument in activity.Inner.Inputs)
        {
            var input = new Input<object>();
            activity.Arguments[argument.Name] = input;
            reader.Bind(input, UsedInput(argument), json[JsonName(argument.Name)]);
        }

        foreach (var output in activity.Outputs)
            activity.OutputTargets[output.Name] = ActivityReader.Text(json[JsonName(output.Name)]?["memoryReference"]?["id"]);
        return activity;
    }

    private ActivityNode Attach(Activity activity, ActivityDescriptor descriptor, JsonObject json, ActivityNode parent)
    {
        activity.Id = ActivityReader.Scalar(json["id"])?.ToString() ?? "";
        activity.NodeId = $"{parent.NodeId}:{activity.Id}";
        activity.Name = ActivityReader.Text(json["name"]);
        activity.Type = ActivityReader.Text(json["type"]) ?? "";
        activity.Version = descriptor.Version;
        foreach (var (name, value) in json["customProperties"] as JsonObject ?? [])
            if (ActivityReader.Scalar(value) is { } scalar)
                activity.CustomProperties[name] = scalar;
        foreach (var (name, value) in json["metadata"] as JsonObject ?? [])
            if (ActivityReader.Scalar(value) is { } scalar)
                activity.Metadata[name] = scalar;

        var node = new ActivityNode(activity, descriptor, parent);
        node.Commits = CommitPoints.OfActivity(json, _commits);
        activity.Node = node;
        parent.Children.Add(node);
        if (_nodes.Exists(n => n.NodeId == node.NodeId))
            throw new DefinitionException(new Sentence("two-activities", definition.DefinitionId, definition.Version, activity.Id, parent.NodeId));
        _nodes.Add(node);
        return node;
    }

    [GeneratedRegex(@"get\w+From|globalThis")]
    private static partial Regex OutputAccessor();

    private static string JsonName(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    private static ActivityDescriptor UsedDescriptor(JsonObject json) => new()
    {
        TypeName = ActivityReader.Text(json["type"]) ?? "",
        Namespace = "",
        Name = ActivityReader.Text(json["type"]) ?? "",
        Category = "Workflows",
        DisplayName = ActivityReader.Text(json["type"]) ?? "",
        IsEngineOwn = true,
        Create = static () => new DefinitionActivity(),
        Inputs = [],
        Outputs = [],
        Ports = [],
    };

    private static InputDescriptor UsedInput(WorkflowArgument argument) => new()
    {
        Name = argument.Name,
        JsonName = JsonName(argument.Name),
        Type = TypeAliases.OfVariable(argument.TypeName, argument.IsArray) ?? typeof(object),
        TypeName = argument.TypeName ?? "Object",
        IsWrapped = true,
        IsRequired = false,
        DisplayName = argument.Name,
        UIHint = InputUIHints.SingleLine,
        Get = a => ((DefinitionActivity)a).Arguments.GetValueOrDefault(argument.Name),
        Set = (_, _) => { },
    };
}
