using Alize.Data.Documents;
using Alize.Data.Mappings;
using Alize.Data.Outbox;
using Alize.Data.People;
using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Alize.Data.Workflow;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Domain.Results;
using Alize.Domain.Signatures;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Alize.Data;

/// <summary>
/// Everything the service keeps, in one database: the programmes, the mails and tasks, the people, and what the engine needs
/// between two bursts, so that all of it can be committed together. It is the repository and the unit of work.
/// </summary>
public abstract class AlizeDb(DbContextOptions options) : IdentityDbContext<AlizeUser>(options), IDataProtectionKeyContext
{
    public DbSet<Programme> Programmes => Set<Programme>();
    public DbSet<Partner> Partners => Set<Partner>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Substitution> Substitutions => Set<Substitution>();
    public DbSet<Pledge> Pledges => Set<Pledge>();
    public DbSet<ProgrammeTerm> ProgrammeTerms => Set<ProgrammeTerm>();
    public DbSet<ProgrammeYear> ProgrammeYears => Set<ProgrammeYear>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<Company> Companies => Set<Company>();
    public DbSet<CompanyProject> Projects => Set<CompanyProject>();

    public DbSet<CommitteeSession> CommitteeSessions => Set<CommitteeSession>();
    public DbSet<Ballot> Ballots => Set<Ballot>();
    public DbSet<CommitteeDecision> Decisions => Set<CommitteeDecision>();
    public DbSet<Reopening> Reopenings => Set<Reopening>();

    /// <summary>Decisions that take effect: one that was reopened does not any more.</summary>
    public IQueryable<CommitteeDecision> DecisionsInForce => Decisions.Where(d => !Reopenings.Any(r => r.DecisionId == d.Id));

    public DbSet<CompetenceCommitment> CompetenceCommitments => Set<CompetenceCommitment>();
    public DbSet<DeclaredAid> DeclaredAids => Set<DeclaredAid>();
    public DbSet<CompanyLink> CompanyLinks => Set<CompanyLink>();
    public DbSet<PublishedBaseRate> BaseRates => Set<PublishedBaseRate>();
    public DbSet<SubsidisedLoan> SubsidisedLoans => Set<SubsidisedLoan>();
    public DbSet<CooperationConvention> Conventions => Set<CooperationConvention>();
    public DbSet<SignatureEvidence> SignatureEvidence => Set<SignatureEvidence>();
    public DbSet<SigningCode> SigningCodes => Set<SigningCode>();
    public DbSet<SealKey> SealKeys => Set<SealKey>();

    public DbSet<JournalEntry> JournalEntries => Set<JournalEntry>();
    public DbSet<JournalLine> JournalLines => Set<JournalLine>();
    public DbSet<FundsCall> FundsCalls => Set<FundsCall>();
    public DbSet<PeriodClosing> PeriodClosings => Set<PeriodClosing>();
    public DbSet<GrantedAdvance> Advances => Set<GrantedAdvance>();
    public DbSet<Installment> Installments => Set<Installment>();
    public DbSet<RepaymentReceived> RepaymentsReceived => Set<RepaymentReceived>();
    public DbSet<JobSurvey> JobSurveys => Set<JobSurvey>();

    public DbSet<StoredDocument> Documents => Set<StoredDocument>();
    public DbSet<TemplateVersion> TemplateVersions => Set<TemplateVersion>();
    public DbSet<ProgrammeEmblem> ProgrammeEmblems => Set<ProgrammeEmblem>();

    public DbSet<BankAccount> BankAccounts => Set<BankAccount>();
    public DbSet<PayeeAccount> PayeeAccounts => Set<PayeeAccount>();
    public DbSet<PaymentOrder> PaymentOrders => Set<PaymentOrder>();
    public DbSet<TransferFile> TransferFiles => Set<TransferFile>();
    public DbSet<BankStatement> BankStatements => Set<BankStatement>();
    public DbSet<BankLine> BankLines => Set<BankLine>();
    public DbSet<BankMatch> BankMatches => Set<BankMatch>();

    public DbSet<PartnerTask> PartnerTasks => Set<PartnerTask>();
    public DbSet<TaskLink> TaskLinks => Set<TaskLink>();
    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();
    public DbSet<OutboxRequest> OutboxRequests => Set<OutboxRequest>();
    public DbSet<ProgrammeMember> ProgrammeMembers => Set<ProgrammeMember>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    // The engine's rows. Pages read them; only the engine's store writes them.
    public DbSet<WorkflowInstance> WorkflowInstances => Set<WorkflowInstance>();
    public DbSet<StoredBookmark> Bookmarks => Set<StoredBookmark>();
    public DbSet<StoredTrigger> Triggers => Set<StoredTrigger>();
    public DbSet<StoredTimer> Timers => Set<StoredTimer>();
    public DbSet<Stimulus> Stimuli => Set<Stimulus>();
    public DbSet<JournalPack> JournalPacks => Set<JournalPack>();
    public DbSet<RetentionEntry> RetentionEntries => Set<RetentionEntry>();
    public DbSet<StoredDefinition> Definitions => Set<StoredDefinition>();

    // Fixed here, because otherwise it would be read from the host's options: tools and tests without a host would see other tables.
    protected override Version SchemaVersion => IdentitySchemaVersions.Version2;

    /// <inheritdoc />
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        AppendOnly.Guard(ChangeTracker);
        if (JournalGuard.HasNewEntries(this))
            throw new InvalidOperationException("Journal entries take their numbers from the database: save them with SaveChangesAsync.");
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc />
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        AppendOnly.Guard(ChangeTracker);
        return JournalGuard.HasNewEntries(this)
            ? SaveWithJournalAsync(acceptAllChangesOnSuccess, cancellationToken)
            : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Writes rows that were checked and numbered where they come from; see <see cref="PrivateCopy"/>.</summary>
    internal Task<int> SaveCopiedAsync(CancellationToken cancel) => base.SaveChangesAsync(acceptAllChangesOnSuccess: true, cancel);

    private async Task<int> SaveWithJournalAsync(bool acceptAllChangesOnSuccess, CancellationToken cancel)
    {
        if (Database.CurrentTransaction is not null)
        {
            await JournalGuard.PlaceAsync(this, cancel);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancel);
        }

        // Numbers are taken and entries written in one transaction: a number that is taken is used.
        await using var transaction = await Database.BeginTransactionAsync(cancel);
        await JournalGuard.PlaceAsync(this, cancel);
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancel);
        await transaction.CommitAsync(cancel);
        return written;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Money>().HaveConversion<MoneyAsCents>();
        configurationBuilder.Properties<DateTime>().HaveConversion<InstantAsUtc>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(Lengths.Name);

        // An index exists where a query asks for it, and says which: not one for each reference.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfiguration(new ProgrammeMapping());
        builder.ApplyConfiguration(new ProgrammeSettingsMapping());
        builder.ApplyConfiguration(new PartnerMapping());
        builder.ApplyConfiguration(new ContactMapping());
        builder.ApplyConfiguration(new SubstitutionMapping());
        builder.ApplyConfiguration(new PledgeMapping());
        builder.ApplyConfiguration(new ProgrammeTermMapping());
        builder.ApplyConfiguration(new ProgrammeYearMapping());
        builder.ApplyConfiguration(new AuditEntryMapping());
        builder.ApplyConfiguration(new CompanyMapping());
        builder.ApplyConfiguration(new CompanyProjectMapping());
        builder.ApplyConfiguration(new StageChangeMapping());
        builder.ApplyConfiguration(new CommitteeSessionMapping());
        builder.ApplyConfiguration(new SessionInviteeMapping());
        builder.ApplyConfiguration(new AgendaItemMapping());
        builder.ApplyConfiguration(new CommitteeDecisionMapping());
        builder.ApplyConfiguration(new VoteMapping());
        builder.ApplyConfiguration(new RecusalMapping());
        builder.ApplyConfiguration(new ReopeningMapping());
        builder.ApplyConfiguration(new BallotMapping());
        builder.ApplyConfiguration(new BallotVoteMapping());
        builder.ApplyConfiguration(new CompetenceCommitmentMapping());
        builder.ApplyConfiguration(new TimeLoggedMapping());
        builder.ApplyConfiguration(new CooperationConventionMapping());
        builder.ApplyConfiguration(new ConventionSignatoryMapping());
        builder.ApplyConfiguration(new SignatureEvidenceMapping());
        builder.ApplyConfiguration(new SigningCodeMapping());
        builder.ApplyConfiguration(new SealKeyMapping());
        builder.ApplyConfiguration(new JournalEntryMapping());
        builder.ApplyConfiguration(new JournalLineMapping());
        builder.ApplyConfiguration(new PeriodClosingMapping());
        builder.ApplyConfiguration(new FundsCallMapping());
        builder.ApplyConfiguration(new DeclaredAidMapping());
        builder.ApplyConfiguration(new CompanyLinkMapping());
        builder.ApplyConfiguration(new PublishedBaseRateMapping());
        builder.ApplyConfiguration(new SubsidisedLoanMapping());
        builder.ApplyConfiguration(new BankAccountMapping());
        builder.ApplyConfiguration(new PayeeAccountMapping());
        builder.ApplyConfiguration(new PaymentOrderMapping());
        builder.ApplyConfiguration(new TransferFileMapping());
        builder.ApplyConfiguration(new BankStatementMapping());
        builder.ApplyConfiguration(new BankLineMapping());
        builder.ApplyConfiguration(new BankMatchMapping());
        builder.ApplyConfiguration(new GrantedAdvanceMapping());
        builder.ApplyConfiguration(new InstallmentMapping());
        builder.ApplyConfiguration(new RepaymentReceivedMapping());
        builder.ApplyConfiguration(new AdvancePayoutMapping());
        builder.ApplyConfiguration(new AdvanceRulingMapping());
        builder.ApplyConfiguration(new ExcessReturnMapping());
        builder.ApplyConfiguration(new JobSurveyMapping());
        builder.ApplyConfiguration(new StoredDocumentMapping());
        builder.ApplyConfiguration(new TemplateVersionMapping());
        builder.ApplyConfiguration(new ProgrammeEmblemMapping());
        builder.ApplyConfiguration(new PartnerTaskMapping());
        builder.ApplyConfiguration(new TaskLinkMapping());
        builder.ApplyConfiguration(new OutboxMailMapping());
        builder.ApplyConfiguration(new ApiKeyMapping());
        builder.ApplyConfiguration(new OutboxRequestMapping());
        IdentityMapping.Configure(builder);
        EngineMapping.Configure(builder, Database.IsSqlServer());
    }
}

/// <summary>On SQLite: one machine, a file beside the app.</summary>
public sealed class SqliteAlizeDb(DbContextOptions<SqliteAlizeDb> options) : AlizeDb(options);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlAlizeDb(DbContextOptions<PostgreSqlAlizeDb> options) : AlizeDb(options);

/// <summary>On SQL Server.</summary>
public sealed class SqlServerAlizeDb(DbContextOptions<SqlServerAlizeDb> options) : AlizeDb(options);
