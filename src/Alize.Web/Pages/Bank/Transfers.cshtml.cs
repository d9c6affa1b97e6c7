using System.Globalization;
using System.Text;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts.Bank;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Bank;

/// <summary>An advance whose transfer is to be prepared, with the company's last known account.</summary>
public sealed record AdvanceToTransfer(Guid Id, string Reference, string Company, Money Amount, DateOnly PaidOn, string Iban, string Bic);

/// <summary>A released file, without its content.</summary>
public sealed record FileLine(Guid Id, string MessageId, DateOnly ExecuteOn, int Transfers, Money Total, string Sha256, string ReleasedBy, DateTime ReleasedAt);

/// <summary>Transfers from the books to the bank: prepared, released by a second person, awaited on a statement (R8, R19).</summary>
public sealed class TransfersModel(AlizeDb db, Transfers transfers) : ProgrammePage
{
    private const int FilesShown = 50;

    public IReadOnlyList<AdvanceToTransfer> ToPrepare { get; private set; } = [];

    public IReadOnlyList<PaymentOrder> Prepared { get; private set; } = [];

    public IReadOnlyList<PaymentOrder> Released { get; private set; } = [];

    public IReadOnlyList<FileLine> TransferFiles { get; private set; } = [];

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    /// <summary>The advance whose transfer is being prepared.</summary>
    [BindProperty(SupportsGet = true, Name = "advance")]
    public Guid? Chosen { get; set; }

    // As typed.
    public string? TypedIban { get; private set; }

    public string? TypedBic { get; private set; }

    public string ExecuteOn { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    /// <summary>The very bytes that were released.</summary>
    public async Task<IActionResult> OnGetFileAsync(Guid id, CancellationToken cancel)
    {
        var file = await db.TransferFiles.AsNoTracking().SingleOrDefaultAsync(f => f.ProgrammeId == ProgrammeId && f.Id == id, cancel);
        return file is null ? NotFound() : File(Encoding.UTF8.GetBytes(file.Content), "application/xml", Transfers.FileName(file));
    }

    public async Task<IActionResult> OnPostPrepareAsync(string? iban, string? bic, CancellationToken cancel)
    {
        (TypedIban, TypedBic) = (iban ?? "", bic ?? "");
        return await AfterAsync(await transfers.PrepareAsync(ProgrammeId, Chosen ?? Guid.Empty, TypedIban, TypedBic, By, cancel), [], "Le virement est préparé. Une autre personne doit maintenant le vérifier et le libérer.", cancel);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(Guid order, CancellationToken cancel) =>
        await AfterAsync(await transfers.WithdrawAsync(ProgrammeId, order, By, cancel), [], "Le virement est retiré.", cancel);

    public async Task<IActionResult> OnPostReleaseAsync(List<Guid> order, string? executeOn, CancellationToken cancel)
    {
        ExecuteOn = executeOn ?? "";
        if (!DateOnly.TryParseExact(ExecuteOn, ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return await AfterAsync([new("executeOn", "Indiquez le jour d’exécution demandé à la banque.")], [], "", cancel);
        var (_, refusals, problems) = await transfers.ReleaseAsync(ProgrammeId, order, day, By, cancel);
        return await AfterAsync(problems, refusals, "Les virements sont libérés. Téléchargez le fichier et déposez-le sur le site de la banque.", cancel);
    }

    private async Task<IActionResult> AfterAsync(IReadOnlyList<Problem> problems, IReadOnlyList<Refusal> refusals, string said, CancellationToken cancel)
    {
        if (problems.Count == 0 && refusals.Count == 0)
        {
            Say(said);
            return Redirect($"{Root}/bank/transfers");
        }

        await LoadAsync(cancel);
        Refusals = refusals;
        return Refused(problems);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        if (ExecuteOn.Length == 0) ExecuteOn = transfers.NextBankDay.ToString("O", CultureInfo.InvariantCulture);
        var advances = new List<AdvanceToTransfer>();
        foreach (var due in await transfers.ToPrepareAsync(ProgrammeId, cancel))
        {
            var company = await db.Companies.AsNoTracking().Where(c => c.Id == due.CompanyId).Select(c => c.Name).SingleAsync(cancel);
            var known = await transfers.LatestAsync(ProgrammeId, due.CompanyId, cancel);
            advances.Add(new(due.AdvanceId, due.Reference, company, due.Amount, due.PaidOn, known is null ? "" : Iban.Parse(known.Iban).ToString(), known?.Bic ?? ""));
        }

        ToPrepare = advances;
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == ProgrammeId && (o.State == PaymentOrderState.Prepared || o.State == PaymentOrderState.Released))
            .OrderBy(o => o.Id).ToListAsync(cancel);
        Prepared = [.. orders.Where(o => o.State == PaymentOrderState.Prepared)];
        Released = [.. orders.Where(o => o.State == PaymentOrderState.Released)];
        TransferFiles = await db.TransferFiles.AsNoTracking().Where(f => f.ProgrammeId == ProgrammeId).OrderByDescending(f => f.ReleasedAt).ThenByDescending(f => f.Id).Take(FilesShown)
            .Select(f => new FileLine(f.Id, f.MessageId, f.ExecuteOn, f.Transfers, f.Total, f.Sha256, f.ReleasedBy, f.ReleasedAt)).ToListAsync(cancel);
    }
}
