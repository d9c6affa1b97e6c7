using Alize.Domain;
using Alize.Workflows.Aid;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Aid;

[Trait("Rule", "R7c")]
public sealed class StateAidTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task The_answer_of_any_day_is_given_again_by_the_law_of_that_day()
    {
        var company = await CompanyAsync(await territory.DetectAsync(Eligible));
        Assert.Empty(await DeclareAsync(company, new(2022, 3, 15), 120_000));
        Assert.Empty(await DeclareAsync(company, new(2023, 6, 1), 100_000));

        Assert.Equal((Money.Euros(300_000), Money.Euros(80_000)), await RoomAsync(company, new(2025, 3, 15)));
        Assert.Equal((Money.Euros(300_000), Money.Euros(200_000)), await RoomAsync(company, new(2025, 3, 16)));
        Assert.Equal((Money.Euros(200_000), Money.Zero), await RoomAsync(company, new(2023, 12, 31)));
        Assert.Equal((Money.Euros(200_000), Money.Euros(200_000)), await RoomAsync(company, new(2022, 3, 14)));   // nothing was known then
    }

    [Fact]
    public async Task The_aids_of_linked_companies_count_together_and_an_exact_half_makes_no_link()
    {
        var company = await CompanyAsync(await territory.DetectAsync(Eligible));
        var sister = await CompanyAsync(await territory.DetectAsync(Eligible with { Siret = "53287643000010", Company = "Outillage des Aulnes" }));
        var cousin = await CompanyAsync(await territory.DetectAsync(Eligible with { Siret = "38012986600014", Company = "Négoce des Aulnes" }));
        Assert.Empty(await DeclareAsync(sister, new(2026, 1, 5), 40_000));
        Assert.Empty(await DeclareAsync(cousin, new(2026, 1, 5), 70_000));
        Assert.Empty(await LinkAsync(company, sister, 5_001));
        Assert.Empty(await LinkAsync(sister, cousin, 5_000));

        var (_, room) = await RoomAsync(company, new(2026, 3, 2));

        Assert.Equal(Money.Euros(260_000), room);
        Assert.NotEmpty(await LinkAsync(company, sister, 5_001));   // each link once
    }

    [Fact]
    public async Task Both_readings_of_competence_days_are_kept_and_one_decides()
    {
        var project = await territory.ApprovedAsync();
        var answer = await AnswerAsync(await CompanyAsync(project), DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime));

        Assert.True(answer.Position.CompetencesCount);
        Assert.False(answer.Other.CompetencesCount);
        Assert.Equal(Money.Euros(3_500), answer.Position.GrantedCompetences);
        Assert.Equal(Money.Euros(3_500), answer.Other.Room - answer.Position.Room);
        Assert.True(answer.Position.GrantedMoney > Money.Zero);
    }

    [Fact]
    public async Task The_law_before_2024_counts_by_the_companys_own_fiscal_years()
    {
        var company = await CompanyAsync(await territory.DetectAsync(Eligible));
        Assert.Empty(await DeclareAsync(company, new(2020, 9, 1), 100_000));
        Assert.Equal((new DateOnly(2021, 1, 1), Money.Euros(200_000)), await CountedAsync());

        Assert.Equal("closing", Assert.Single(await CloseAsync("31/13")).Field);
        Assert.Empty(await CloseAsync("30/06"));

        Assert.Equal((new DateOnly(2020, 7, 1), Money.Euros(100_000)), await CountedAsync());

        async Task<(DateOnly, Money)> CountedAsync()
        {
            var position = (await AnswerAsync(company, new(2023, 3, 15))).Position;
            return (position.From, position.Room);
        }

        Task<IReadOnlyList<Problem>> CloseAsync(string day) =>
            territory.DoAsync<StateAid, IReadOnlyList<Problem>>(s => s.CloseAccountsOnAsync(company, day, "Camille Roussel", Cancel));
    }

    [Fact]
    public async Task A_base_rate_is_entered_once_a_day_with_its_source()
    {
        Assert.Equal("source", Assert.Single(await EnterAsync(new(2026, 3, 1), "")).Field);
        Assert.Empty(await EnterAsync(new(2026, 3, 1), "JO C du 28.2.2026"));
        Assert.Equal("from", Assert.Single(await EnterAsync(new(2026, 3, 1), "encore")).Field);
    }

    private Task<IReadOnlyList<Problem>> EnterAsync(DateOnly from, string source) =>
        territory.DoAsync<StateAid, IReadOnlyList<Problem>>(s => s.EnterRateAsync(territory.Programme.Id, from, 231, source, "Camille Roussel", Cancel));

    private async Task<Guid> CompanyAsync(Guid project) => (await territory.ProjectAsync(project)).CompanyId;

    private Task<IReadOnlyList<Problem>> DeclareAsync(Guid company, DateOnly on, int euros) =>
        territory.DoAsync<StateAid, IReadOnlyList<Problem>>(s => s.DeclareAsync(company, on, Money.Euros(euros), "Région, notification", "Camille Roussel", Cancel));

    private Task<IReadOnlyList<Problem>> LinkAsync(Guid holder, Guid held, int votes) =>
        territory.DoAsync<StateAid, IReadOnlyList<Problem>>(s => s.LinkAsync(holder, held, votes, false, "Registre des mouvements de titres", "Camille Roussel", Cancel));

    private Task<AidOnDay> AnswerAsync(Guid company, DateOnly day) => territory.DoAsync<StateAid, AidOnDay>(s => s.OnAsync(company, day, null, Cancel));

    private async Task<(Money Ceiling, Money Room)> RoomAsync(Guid company, DateOnly day)
    {
        var answer = await AnswerAsync(company, day);
        return (answer.Position.Ceiling, answer.Position.Room);
    }
}
