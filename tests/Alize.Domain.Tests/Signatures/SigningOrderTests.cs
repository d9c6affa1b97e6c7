using Alize.Domain.Signatures;

namespace Alize.Domain.Tests.Signatures;

[Trait("Rule", "R8")]
public class SigningOrderTests
{
    private static readonly DateTime At = new(2026, 3, 16, 9, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Head = Guid.NewGuid(), Chair = Guid.NewGuid(), Lender = Guid.NewGuid();

    [Fact]
    public void Without_an_order_everybody_may_sign_at_once()
    {
        var convention = Convention();
        Assert.Equal(3, convention.OnTurn().Count);
    }

    [Fact]
    public void A_group_signs_after_the_one_before_and_nobody_before_his_turn()
    {
        var convention = Convention();
        convention.Arrange(capacity => capacity switch { SignatoryCapacity.CompanyHead => 1, SignatoryCapacity.LendingPartner => 2, _ => 3 });

        Assert.Equal([Head], convention.OnTurn());
        Assert.Equal([Head, Lender], convention.AwaitedBefore(Chair).Order().Intersect([Head, Lender]).OrderBy(id => id == Lender));
        Assert.Throws<InvalidOperationException>(() => convention.Sign(Chair, "HM", "", At));
        convention.Sign(Head, "SA", "", At);
        Assert.Equal([Lender], convention.OnTurn());
        convention.Sign(Lender, "KB", "", At);
        convention.Sign(Chair, "HM", "", At);
        Assert.Equal(ConventionState.Signed, convention.State);
    }

    [Fact]
    public void It_is_sealed_once_all_have_signed_and_not_before()
    {
        var convention = Convention();
        Assert.Throws<InvalidOperationException>(() => convention.Seal(Guid.NewGuid()));
        foreach (var person in new[] { Head, Chair, Lender }) convention.Sign(person, "AB", "", At);
        Assert.False(convention.IsSealed);
        convention.Seal(Guid.NewGuid());
        Assert.True(convention.IsSealed);
    }

    [Fact]
    public void A_substitute_takes_every_place_of_who_is_replaced()
    {
        var convention = Convention();
        convention.Require(Guid.NewGuid(), Head, SignatoryCapacity.LeadPartner);
        var next = Guid.NewGuid();
        convention.Substitute(Head, next);
        Assert.Equal(2, convention.Signatories.Count(s => s.ContactId == next));
        Assert.Throws<InvalidOperationException>(() => convention.Substitute(Chair, next));
        convention.Sign(Chair, "HM", "", At);
        Assert.Throws<InvalidOperationException>(() => convention.Substitute(Chair, Guid.NewGuid()));
    }

    private static CooperationConvention Convention()
    {
        var convention = new CooperationConvention
        {
            Id = Guid.NewGuid(),
            ProgrammeId = Guid.Empty,
            ProjectId = Guid.Empty,
            DecisionId = Guid.Empty,
            DocumentId = Guid.Empty,
            Text = "",
            Sha256 = new('a', 64),
            FrozenAt = At,
        };
        convention.Require(Guid.NewGuid(), Head, SignatoryCapacity.CompanyHead);
        convention.Require(Guid.NewGuid(), Chair, SignatoryCapacity.CommitteeChair);
        convention.Require(Guid.NewGuid(), Lender, SignatoryCapacity.LendingPartner);
        return convention;
    }
}
