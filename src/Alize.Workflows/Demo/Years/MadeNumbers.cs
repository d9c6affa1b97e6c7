using System.Globalization;
using Alize.Domain;

namespace Alize.Workflows.Demo.Years;

/// <summary>Numbers with right keys that belong to nobody the service knows.</summary>
internal static class MadeNumbers
{
    /// <summary>The SIRET of the head office of the n-th company.</summary>
    public static string Siret(int rank)
    {
        var siren = WithKey(string.Create(CultureInfo.InvariantCulture, $"4{700_000 + rank:0000000}"), digits => Siren.TryParse(digits, out _, out _));
        return WithKey(siren + "0001", digits => Domain.Siret.TryParse(digits, out _, out _));
    }

    /// <summary>A French account, its RIB key and its IBAN key right.</summary>
    public static string Iban(int rank)
    {
        var (bank, branch, account) = ("30004", "00812", rank.ToString("D11", CultureInfo.InvariantCulture));
        var rib = string.Create(CultureInfo.InvariantCulture, $"{bank}{branch}{account}{Domain.Iban.RibKey(bank, branch, account):00}");
        return Enumerable.Range(2, 97).Select(key => string.Create(CultureInfo.InvariantCulture, $"FR{key:00}{rib}")).First(text => Domain.Iban.TryParse(text, out _, out _));
    }

    private static string WithKey(string digits, Func<string, bool> isRight) =>
        Enumerable.Range(0, 10).Select(key => digits + key.ToString(CultureInfo.InvariantCulture)).First(isRight);
}
