namespace Alize.Domain.Tests;

public class IbanTests
{
    [Theory]
    [InlineData("FR1420041010050500013M02606")]
    [InlineData("FR14 2004 1010 0505 0001 3M02 606")]
    [InlineData("fr14-2004-1010-0505-0001-3m02-606")]
    [InlineData("IBAN : FR14 2004 1010 0505 0001 3M02 606")]
    public void A_French_account_is_read_however_it_is_typed(string text)
    {
        Assert.True(Iban.TryParse(text, out var iban, out var problem), problem);
        Assert.Equal("FR1420041010050500013M02606", iban.Compact);
        Assert.Equal("FR", iban.Country);
        Assert.Equal("FR14\u00A02004\u00A01010\u00A00505\u00A00001\u00A03M02\u00A0606", iban.ToString());
    }

    [Theory]
    [InlineData("DE89370400440532013000")]
    [InlineData("BE68539007547034")]
    [InlineData("GB29NWBK60161331926819")]
    [InlineData("ES9121000418450200051332")]
    [InlineData("IT60X0542811101000000123456")]
    [InlineData("LU280019400644750000")]
    [InlineData("CH9300762011623852957")]
    [InlineData("NL91ABNA0417164300")]
    [InlineData("PT50000201231234567890154")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("MC5811222000010123456789030")]
    [InlineData("NO9386011117947")]
    [InlineData("AD1200012030200359100100")]
    [InlineData("CR05015202001026284066")]
    public void Accounts_of_other_countries_are_read(string text) =>
        Assert.True(Iban.TryParse(text, out _, out var problem), problem);

    [Theory]
    [InlineData("FR1420041010050500013M02607", "sa clé 14 ne correspond pas")]
    [InlineData("FR1420041010050500013M0260", "26 caractères au lieu de 27")]
    [InlineData("FR14200410100505OOO13M02606X", "28 caractères")]
    [InlineData("FR14X0041010050500013M02606", "une lettre y tient la place d’un chiffre")]
    [InlineData("XX1420041010050500013M02606", "code d’un pays")]
    [InlineData("FR14_20041010050500013M02606", "le signe «\u00A0_\u00A0»")]
    [InlineData("FR", "code d’un pays")]
    [InlineData("", "L’IBAN manque")]
    [InlineData(null, "L’IBAN manque")]
    public void A_wrong_IBAN_says_what_is_wrong(string? text, string said)
    {
        Assert.False(Iban.TryParse(text, out _, out var problem));
        Assert.Contains(said, problem);
    }

    [Theory]
    [InlineData("20041", "01005", "0500013M026", 6)]
    [InlineData("30002", "00550", "0000157841Z", 25)]
    public void The_key_of_a_RIB_reads_letters_as_digits(string bank, string branch, string account, int key) =>
        Assert.Equal(key, Iban.RibKey(bank, branch, account));

    [Fact]
    public void A_French_IBAN_with_a_wrong_RIB_key_is_refused_even_when_its_own_key_is_right()
    {
        // 07 instead of 06 at the end, with the two check digits computed anew.
        var body = "20041010050500013M02607";
        var right = Enumerable.Range(2, 97).Select(key => $"FR{key:00}{body}").ToList();
        var problems = right.Select(text => Iban.TryParse(text, out _, out var problem) ? "" : problem).ToList();
        Assert.DoesNotContain("", problems);
        Assert.Single(problems, problem => problem.Contains("sa clé RIB 07"));
    }

    [Fact]
    public void Any_one_digit_mistyped_is_found()
    {
        const string right = "FR1420041010050500013M02606";
        for (var place = 2; place < right.Length; place++)
        {
            foreach (var digit in "0123456789".Where(digit => digit != right[place]))
                Assert.False(Iban.TryParse(string.Concat(right.AsSpan(0, place), digit.ToString(), right.AsSpan(place + 1)), out _, out _));
        }
    }
}
