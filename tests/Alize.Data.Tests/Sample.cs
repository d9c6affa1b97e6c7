using Alize.Data.Documents;
using Alize.Data.Outbox;
using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Domain.Results;
using Alize.Domain.Signatures;

namespace Alize.Data.Tests;

/// <summary>One small programme with one of everything in it.</summary>
public sealed class Sample
{
    public static readonly DateTime At = new(2026, 3, 2, 9, 30, 15, 123, DateTimeKind.Utc);
    public static readonly DateOnly Day = new(2026, 3, 2);

    public Sample()
    {
        TheProgramme = Programme();
        ThePartner = Partner(TheProgramme);
        var programmeId = TheProgramme.Id;
        TheCompany = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            Name = "Mécanique de l'Ombrelle",
            Siret = "73282932000074",
            Commune = "Ombrelle-le-Pont",
            Turnover = Money.Euros(1_200_000),
            AccountsCloseOn = new(6, 30),
        };
        TheContact = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            PartnerId = ThePartner.Id,
            Role = ContactRole.CommitteeChair,
            FullName = "Anne Roche",
            Email = "anne.roche@example.org",
            From = Day,
        };
        TheProject = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            Number = "2026-001",
            CompanyId = TheCompany.Id,
            Title = "Atelier",
            DetectedByPartnerId = ThePartner.Id,
            DetectedOn = Day,
            Cost = new(4_000_050),
        };
        TheSession = new() { Id = Guid.NewGuid(), ProgrammeId = programmeId, Kind = CommitteeKind.Approval, StartsAt = At, Place = "Mairie" };
        TheSession.Invite(TheContact.Id, ThePartner.Id, isVotingMember: true, isAstrees: false, At);
        TheSession.Add(TheProject.Id);
        TheDecision = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            SessionId = TheSession.Id,
            ProjectId = TheProject.Id,
            Outcome = DecisionOutcome.Approved,
            DecidedOn = Day,
            Present = 1,
            Yes = 1,
            No = 0,
            Abstained = 0,
            Advance = Money.Euros(12_000),
            Months = 3,
        };
        TheDecision.Record(TheContact.Id, VoteChoice.Yes);
        TheDocument = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            ProjectId = TheProject.Id,
            Key = "step-convention",
            Kind = "CooperationConventionDocument",
            Title = "Convention",
            FileName = "Convention.pdf",
            MadeAt = At,
            MadeBy = "Service",
            Sha256 = new('a', 64),
            Content = [0x25, 0x50, 0x44, 0x46],
            Text = "# Convention",
            Source = "{}",
        };
        TheConvention = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            ProjectId = TheProject.Id,
            DecisionId = TheDecision.Id,
            DocumentId = TheDocument.Id,
            Text = "# Convention",
            Sha256 = new('a', 64),
            FrozenAt = At,
        };
        TheConvention.Require(Guid.NewGuid(), TheContact.Id, SignatoryCapacity.CommitteeChair);
        TheEvidence = EvidenceChain.Next(TheConvention, new("asked", "Anne Roche", "anne.roche@example.org", "Lien envoyé"), At);
        TheConvention.Chain(TheEvidence);
        TheCommitment = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            ProjectId = TheProject.Id,
            DecisionId = TheDecision.Id,
            PartnerId = ThePartner.Id,
            Field = "Qualité",
            HalfDays = 6,
            DayRate = Money.Euros(700),
            MobiliseBy = Day.AddDays(28),
        };
        TheCommitment.Log(Guid.NewGuid(), "k1", Day, 3, "Audit", Money.Euros(750), "Opératrice", At);
        TheAdvance = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            ProjectId = TheProject.Id,
            CompanyId = TheCompany.Id,
            DecisionId = TheDecision.Id,
            Reference = "AV-2026-001",
            Principal = Money.Euros(12_000),
            Months = 3,
            DeferralMonths = 0,
            PaidOn = Day,
        };
        TheAdvance.Pay(new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            AdvanceId = TheAdvance.Id,
            Number = 1,
            PaidOn = Day,
            Amount = TheAdvance.Principal,
            OrderedBy = "Opératrice",
        },
        Enumerable.Range(1, 3).Select(number => new Installment
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programmeId,
            AdvanceId = TheAdvance.Id,
            Number = number,
            DueOn = Day.AddMonths(number),
            CollectOn = Day.AddMonths(number),
            Amount = Money.Euros(4_000),
        }));
        TheEntry = Entry("advance-paid");
        TheTask = Task("step-1");
        TheMail = Mail("step-1/anne");
    }

    public Programme TheProgramme { get; }
    public Partner ThePartner { get; }
    public Company TheCompany { get; }
    public Contact TheContact { get; }
    public CompanyProject TheProject { get; }
    public CommitteeSession TheSession { get; }
    public CommitteeDecision TheDecision { get; }
    public StoredDocument TheDocument { get; }
    public CooperationConvention TheConvention { get; }
    public SignatureEvidence TheEvidence { get; }
    public CompetenceCommitment TheCommitment { get; }
    public GrantedAdvance TheAdvance { get; }
    public JournalEntry TheEntry { get; }
    public PartnerTask TheTask { get; }
    public OutboxMail TheMail { get; }

    public static Programme Programme(string slug = "ombrelle")
    {
        var programme = new Programme
        {
            Id = Guid.NewGuid(),
            Slug = slug,
            Name = "ALIZÉ® Vallée de l'Ombrelle",
            Territory = "Vallée de l'Ombrelle",
            SignedOn = Day,
        };
        programme.Agree(new() { Id = Guid.NewGuid(), ProgrammeId = programme.Id, From = Day });
        return programme;
    }

    public static Partner Partner(Programme programme) =>
        new() { Id = Guid.NewGuid(), ProgrammeId = programme.Id, Kind = PartnerKind.LocalAuthority, Name = "Communauté de communes" };

    public JournalEntry Entry(string key) => Entry(Movements.Received(
        key, FundAccount.Advances, ThePartner.Id, ThePartner.Name, Money.Euros(12_000), Money.Zero, Money.Zero, Day,
        new(SourceKind.BankLine, null, "VIR-1")));

    public JournalEntry Entry(Movement movement) => JournalEntry.Of(movement, Guid.NewGuid(), TheProgramme.Id, "Opératrice", At);

    public PartnerTask Task(string stepKey) => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = TheProgramme.Id,
        ProjectId = TheProject.Id,
        StepKey = stepKey,
        InstanceId = "i1",
        Kind = "form",
        Title = "Vérifier",
        Instructions = "…",
        Form = "[]",
        Outcomes = "[]",
        AssigneeContactId = TheContact.Id,
        CreatedAt = At,
    };

    /// <summary>A transfer that left, its line on a statement, and the two brought together.</summary>
    public object[] Bank()
    {
        var (programmeId, by) = (TheProgramme.Id, "Opératrice");
        var file = new TransferFile { Id = Guid.NewGuid(), ProgrammeId = programmeId, Account = FundAccount.Advances, MessageId = "ALIZE-1", ExecuteOn = Day, Transfers = 1, Total = Money.Euros(12_000), Content = "<Document/>", Sha256 = new('b', 64), ReleasedBy = by, ReleasedAt = At };
        var order = new PaymentOrder { Id = Guid.NewGuid(), ProgrammeId = programmeId, Account = FundAccount.Advances, AdvanceId = TheAdvance.Id, ProjectId = TheProject.Id, CompanyId = TheCompany.Id, Payee = TheCompany.Name, PayeeIban = "FR1420041010050500013M02606", Amount = Money.Euros(12_000), Reference = TheAdvance.Reference, PreparedBy = by, PreparedAt = At };
        order.Release(file.Id);
        var statement = new BankStatement { Id = Guid.NewGuid(), ProgrammeId = programmeId, Account = FundAccount.Advances, Format = StatementFormat.Camt053, Key = "camt:1", Number = "1", From = Day, To = Day, Opening = Money.Euros(12_000), Closing = Money.Zero, Lines = 1, FileName = "releve.xml", Sha256 = new('c', 64), ImportedBy = by, ImportedAt = At };
        var line = new BankLine { Id = Guid.NewGuid(), ProgrammeId = programmeId, StatementId = statement.Id, Account = FundAccount.Advances, Number = 1, Identity = new('d', 64), BookedOn = Day, ValueOn = Day, Amount = -Money.Euros(12_000), Counterparty = "MECANIQUE", Text = "VIR", EndToEndId = order.EndToEndId };
        line.Match(line.Amount);
        return
        [
            new BankAccount { Id = Guid.NewGuid(), ProgrammeId = programmeId, Account = FundAccount.Advances, Holder = "Opérateur", Iban = "FR7630006000011234567890189", From = Day, RecordedBy = by, RecordedAt = At },
            new PayeeAccount { Id = Guid.NewGuid(), ProgrammeId = programmeId, CompanyId = TheCompany.Id, Iban = order.PayeeIban, RecordedBy = by, RecordedAt = At },
            file, order, statement, line,
            new BankMatch { Id = Guid.NewGuid(), ProgrammeId = programmeId, LineId = line.Id, Kind = CounterpartKind.Transfer, TargetId = order.Id, Label = "Virement", Amount = line.Amount, ConfirmedBy = by, ConfirmedAt = At },
        ];
    }

    public OutboxMail Mail(string key) => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = TheProgramme.Id,
        Key = key,
        Name = "AskSignatureMail",
        ToName = "Anne Roche",
        ToAddress = "anne.roche@example.org",
        Language = "fr",
        Subject = "Signature",
        Body = "…",
        CreatedAt = At,
        NotBefore = At,
    };

    public AuditEntry Audit(string text) =>
        new() { ProgrammeId = TheProgramme.Id, At = At, Actor = "Service", Kind = "stage", Text = text, ProjectId = TheProject.Id };

    public JobSurvey Survey() => new() { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, ProjectId = TheProject.Id, MonthsAfter = 12, AskedOn = Day };

    /// <summary>In no special order: the database's references put it right.</summary>
    public object[] Everything() =>
    [
        TheMail, TheTask, TheEntry, TheAdvance, TheCommitment, TheConvention, TheDocument, TheDecision, TheSession, TheProject, TheContact, TheCompany,
        ThePartner, TheProgramme, Survey(), Audit("Détecté"),
        TheEvidence, SigningCode.Make(TheProgramme.Id, TheTask.Id, TheContact.Id, At).Code,
        new SealKey { Id = Guid.NewGuid(), ProtectedPfx = "AAAA", Thumbprint = new('c', 64), MadeAt = At },
        new FundsCall
        {
            Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, Reference = "AF-2026-001", PartnerId = ThePartner.Id, Account = FundAccount.Advances, Year = 2026, Amount = Money.Euros(5_000),
            CalledOn = Day, CalledBy = "Opératrice",
        },
        new DeclaredAid { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, CompanyId = TheCompany.Id, GrantedOn = Day, Amount = Money.Euros(9_000), Grantor = "Région", RecordedBy = "Opératrice" },
        new PublishedBaseRate { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, From = Day, BasisPoints = 218, Source = "JO C", EnteredBy = "Opératrice" },
        new SubsidisedLoan
        {
            Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, ProjectId = TheProject.Id, LenderId = ThePartner.Id, Amount = Money.Euros(20_000), Months = 60, RateBasisPoints = 150, GrantedOn = Day,
        },
        new ProgrammeYear { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, Year = 2026, OpenedOn = Day },
        new ProgrammeTerm { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id },
        new PeriodClosing { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, Through = Day.AddYears(-1), ClosedBy = "Opératrice", ClosedAt = At },
        new TemplateVersion { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, Name = "NotifyMail.fr", Text = "Objet\n\nTexte", SavedAt = At, SavedBy = "Opératrice" },
        new ProgrammeEmblem { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, Owner = EmblemOwner.Cdc, Name = "Caisse des dépôts" },
        new Pledge { Id = Guid.NewGuid(), ProgrammeId = TheProgramme.Id, PartnerId = ThePartner.Id, Year = 2026, Account = FundAccount.Advances },
    ];
}
