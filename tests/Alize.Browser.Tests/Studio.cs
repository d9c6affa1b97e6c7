using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Alize.Browser.Tests;

/// <summary>The hand on Elsa Studio's mouse: its controls bear no names, so they are found by what is written on them.</summary>
public sealed partial class Studio(IPage page)
{
    // It boots a .NET runtime in the browser.
    private const float Boot = 120_000;

    private readonly LocatorWaitForOptions patiently = new() { Timeout = Boot };

    public ILocator Nodes => page.Locator(".x6-node");

    public ILocator Connections => page.Locator(".x6-edge");

    public ILocator Dialogue => page.Locator(".mud-dialog");

    public async Task OpenListAsync()
    {
        await page.GotoAsync("/studio");
        await page.Locator("elsa-workflow-definition-list tbody tr").First.WaitForAsync(patiently);
    }

    public async Task OpenInstancesAsync()
    {
        await page.GotoAsync("/studio/workflows/instances");
        await page.Locator("elsa-workflow-instance-list tbody tr").First.WaitForAsync(patiently);
    }

    /// <summary>A definition's row, found by its id: the list is in pages, and what other tests draw moves the others on.</summary>
    public async Task<ILocator> FindAsync(string definitionId)
    {
        var search = page.GetByRole(AriaRole.Textbox, new() { Name = "Search on Id" });
        await search.FillAsync(definitionId);
        await search.PressAsync("Enter");
        var row = Row(definitionId);
        await row.WaitForAsync(patiently);
        return row;
    }

    public ILocator Row(string text) => page.Locator("tbody tr").Filter(new() { HasText = text }).First;

    /// <summary>Chooses from the menu at a row's end.</summary>
    public async Task ChooseAsync(ILocator row, string what)
    {
        await row.GetByRole(AriaRole.Button).Last.ClickAsync();
        await page.Locator(".mud-popover-open .mud-menu-item").GetByText(what, new() { Exact = true }).ClickAsync();
    }

    public Task ConfirmAsync(string button) => Dialogue.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    /// <summary>Makes a definition and waits for its empty canvas.</summary>
    public async Task CreateAsync(string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).ClickAsync();
        await Dialogue.Locator("input").First.FillAsync(name);
        await Dialogue.GetByRole(AriaRole.Button).Filter(new() { HasTextRegex = OkOrCreate() }).Last.ClickAsync();
        await page.WaitForURLAsync("**/edit", new() { Timeout = Boot });
        await page.GetByText("Auto-save").WaitForAsync(patiently);
        await page.Locator(".x6-graph").WaitForAsync(patiently);
    }

    /// <summary>Opens a definition and waits until every activity is drawn.</summary>
    public async Task OpenAsync(string definitionId, int activities)
    {
        await page.GotoAsync($"/studio/workflows/definitions/{definitionId}/edit");
        await Nodes.Nth(activities - 1).WaitForAsync(patiently);
    }

    /// <summary>Drags an activity from the toolbox to a place of the canvas; the save that follows is done when this returns.</summary>
    public async Task DropAsync(string category, string activity, float x, float y)
    {
        var header = page.Locator(".mud-expand-panel-header").Filter(new() { HasText = category }).First;
        await header.ScrollIntoViewIfNeededAsync();
        await header.ClickAsync();
        var item = page.Locator("[draggable=true]").Filter(new() { HasText = activity }).First;
        await Assertions.Expect(item).ToBeVisibleAsync();
        await StillAsync(item);
        var from = (await item.BoundingBoxAsync())!;
        var canvas = (await page.Locator(".x6-graph").BoundingBoxAsync())!;
        var before = await Nodes.CountAsync();
        await SavedAfterAsync(async () =>
        {
            await DragAsync((from.X + 20, from.Y + 15), (canvas.X + x, canvas.Y + y));
            await Nodes.Nth(before).WaitForAsync();
        });
        await header.ClickAsync();
    }

    /// <summary>Draws a connection from one activity's way out to the next one.</summary>
    public async Task ConnectAsync(string from, string to)
    {
        var start = await MiddleAsync(Port(from, "out"));
        var end = await MiddleAsync(Port(to, "in"));
        await SavedAfterAsync(async () =>
        {
            await DragAsync(start, end);
            await Connections.First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        });
    }

    public async Task SelectAsync(string activity)
    {
        var box = (await Node(activity).BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + 100, box.Y + 12);   // beside its ports and its name, which are handles of their own
    }

    public ILocator Node(string activity) => Nodes.Filter(new() { HasText = activity }).First;

    /// <summary>Writes an input of the selected activity.</summary>
    public async Task WriteAsync(string label, string value, string key = "Tab")
    {
        var field = Field(label).Locator("input, textarea").First;
        await field.WaitForAsync();
        await SavedAfterAsync(async () =>
        {
            await field.FillAsync(value);
            await page.Keyboard.PressAsync(key);
        });
    }

    /// <summary>Picks from a drop-down of the selected activity.</summary>
    public async Task PickAsync(string label, string choice)
    {
        await Field(label).Locator(".mud-input").First.ClickAsync();
        var open = page.Locator(".mud-popover-open").GetByText(choice, new() { Exact = true }).First;
        await SavedAfterAsync(() => open.ClickAsync());
    }

    public Task PublishAsync() => SavedAfterAsync(() => page.Locator("button.mud-icon-button.mud-primary-text").First.ClickAsync());

    /// <summary>Presses the button that saves, and says what the Studio sent.</summary>
    public async Task<string> SaveAsync()
    {
        // The third button before the one that runs; hidden twins stand in the page.
        var place = await page.EvaluateAsync<float[]>("""
            () => {
              const seen = [...document.querySelectorAll('button.mud-icon-button')].filter(b => b.getBoundingClientRect().width > 0);
              const box = seen[seen.findIndex(b => b.classList.contains('mud-success-text')) - 3].getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            }
            """);
        var request = await page.RunAndWaitForRequestAsync(() => page.Mouse.ClickAsync(place[0], place[1]), IsSave, new() { Timeout = 30_000 });
        return request.PostData!;
    }

    /// <summary>Runs what is drawn; the Studio goes to the instance.</summary>
    public async Task RunAsync()
    {
        await page.Locator("button.mud-icon-button.mud-success-text").First.ClickAsync();
        await page.WaitForURLAsync("**/workflows/instances/*/view", new() { Timeout = Boot });
        await Nodes.First.WaitForAsync(patiently);
    }

    /// <summary>The Studio saves by itself, half a second after a change.</summary>
    private async Task SavedAfterAsync(Func<Task> change) =>
        await page.RunAndWaitForResponseAsync(change, answer => IsSave(answer.Request), new() { Timeout = 30_000 });

    private static bool IsSave(IRequest request) => request.Method == "POST" && request.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal);

    private async Task DragAsync((float X, float Y) from, (float X, float Y) to)
    {
        await page.Mouse.MoveAsync(from.X, from.Y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 15, from.Y + 10, new() { Steps = 5 });
        await page.Mouse.MoveAsync(to.X, to.Y, new() { Steps = 15 });
        await page.Mouse.UpAsync();
    }

    /// <summary>Waits until something no longer moves: panels unfold.</summary>
    private static async Task StillAsync(ILocator what)
    {
        await what.ScrollIntoViewIfNeededAsync();
        await what.HoverAsync();
    }

    private static async Task<(float X, float Y)> MiddleAsync(ILocator what)
    {
        var box = (await what.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private ILocator Port(string activity, string group) => Node(activity).Locator($".x6-port-body[port-group={group}]").First;

    private ILocator Field(string label) =>
        page.Locator(".mud-input-control").Filter(new() { Has = page.Locator("label").GetByText(label, new() { Exact = true }) }).First;

    [GeneratedRegex("ok|create", RegexOptions.IgnoreCase)]
    private static partial Regex OkOrCreate();
}
