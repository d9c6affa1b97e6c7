using System.Reflection;
using System.Text.Json;
using Alize.Data;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>
/// Fills a drop-down with whom a step may address: the roles, the partners of the designer's programmes, and what definitions
/// write there now (several roles separated by commas, one contact), so that no value that stands in a definition looks empty.
/// </summary>
public sealed class AddresseeChoices(AlizeDb db) : IPropertyUIHandler
{
    private List<SelectListItem>? partners;

    public async ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default)
    {
        var design = context as DesignContext ?? DesignContext.None;
        List<SelectListItem> items = [.. Addressees.Roles.Select(role => new SelectListItem(role.Value, role.Key))];
        items.AddRange(partners ??= await PartnersAsync(design, cancellationToken));

        var type = propertyInfo.DeclaringType?.GetCustomAttribute<ActivityAttribute>();
        var used = type is null ? [] : design.ValuesInUse($"{type.Namespace}.{type.Type ?? propertyInfo.DeclaringType?.Name}", JsonNamingPolicy.CamelCase.ConvertName(propertyInfo.Name));
        var known = items.Select(i => i.Value).ToHashSet();
        items.AddRange(used.Where(known.Add).Order(StringComparer.Ordinal).Select(value => new SelectListItem(Read(value, items), value)));
        return DropDownProps.Specification(items);
    }

    /// <summary>"company,chair" as people read it.</summary>
    private static string Read(string value, List<SelectListItem> items) =>
        string.Join(" ; ", value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => items.Find(i => i.Value == v)?.Text ?? v));

    private async Task<List<SelectListItem>> PartnersAsync(DesignContext design, CancellationToken cancel)
    {
        var found = await db.Partners.AsNoTracking()
            .Where(p => design.ProgrammeIds.Contains(p.ProgrammeId))
            .Join(db.Programmes, p => p.ProgrammeId, p => p.Id, (partner, programme) => new { partner.Id, partner.Name, Programme = programme.Name })
            .OrderBy(p => p.Programme).ThenBy(p => p.Name)
            .ToListAsync(cancel);
        return found.ConvertAll(p => new SelectListItem(design.ProgrammeIds.Count > 1 ? $"{p.Name} ({p.Programme})" : p.Name, $"partner:{p.Id}"));
    }
}
