using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Tests.Procedures;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts.Bank;

internal static class BankTerritory
{
    /// <summary>Enters the IBAN of each of the two accounts.</summary>
    public static async Task EnterBankAccountsAsync(this Territory territory)
    {
        foreach (var (account, iban) in new[] { (FundAccount.Advances, MadeStatements.AdvancesIban), (FundAccount.OperatingCosts, MadeStatements.CostsIban) })
        {
            var (refusals, problems) = await territory.DoAsync<BankAccounts, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(
                a => a.EnterAsync(territory.Programme.Id, account, "Ombrelle Développement", iban, "", "Camille Roussel", Cancel));
            Assert.Empty(refusals);
            Assert.Empty(problems);
        }
    }
}
