using Alize.Engine;
using Alize.Engine.Expressions;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Aid;
using Alize.Workflows.Committee;
using Alize.Workflows.Demo;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Http;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Rehearsal;
using Alize.Workflows.Repayment;
using Alize.Workflows.Results;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows;

/// <summary>Registration of everything between the engine and the convention.</summary>
public static class WorkflowsServices
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExpressionOptions>().Bind(configuration.GetSection(ExpressionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AlizeOptions>().Bind(configuration.GetSection(AlizeOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddEngine(activities => activities.AddAlize());
        services.AddHttp(configuration);
        services.AddMail(configuration);

        services.AddSingleton<ProgrammeClock>();
        services.AddSingleton<Signals>();

        services.AddScoped<Absences>();
        services.AddScoped<ActivityReports>();
        services.AddScoped<AddresseeChoices>();
        services.AddScoped<Addressees>();
        services.AddScoped<Ballots>();
        services.AddScoped<AdvanceCredits>();
        services.AddScoped<AdvanceRulings>();
        services.AddScoped<AccountStatements>();
        services.AddScoped<AidCertificates>();
        services.AddScoped<ApprovedMinutes>();
        services.AddScoped<Books>();
        services.AddScoped<BankAccounts>();
        services.AddScoped<BankCounterparts>();
        services.AddScoped<BankMatching>();
        services.AddScoped<BankStatements>();
        services.AddScoped<CommitteeMembers>();
        services.AddScoped<Books>();
        services.AddScoped<CdcShare>();
        services.AddScoped<CommitteeSessions>();
        services.AddScoped<CommitteeVotes>();
        services.AddOptions<SealOptions>().Bind(configuration.GetSection(SealOptions.Section)).ValidateDataAnnotations().ValidateOnStart();

        services.AddScoped<ConventionSeal>();
        services.AddScoped<ConventionSigning>();
        services.AddScoped<ConventionTexts>();
        services.AddScoped<DecisionFiles>();
        services.AddScoped<DecisionReopening>();
        services.AddScoped<DemoProjects>();
        services.AddScoped<DemoTerritory>();
        services.AddScoped<Detection>();
        services.AddScoped<FecExport>();
        services.AddScoped<Endowments>();
        services.AddScoped<DocumentArchive>();
        services.AddScoped<EvidenceBook>();
        services.AddScoped<FileCheck>();
        services.AddScoped<FinancialChecks>();
        services.AddScoped<Ladders>();
        services.AddScoped<Ledger>();
        services.AddScoped<PartnerPeople>();
        services.AddScoped<PartnerTasks>();
        services.AddScoped<Payments>();
        services.AddScoped<ProcedureMoves>();
        services.AddScoped<ProcedureAttachments>();
        services.AddScoped<ProcedureRepair>();
        services.AddScoped<ProcedureTexts>();
        services.AddScoped<ProgrammeAgreement>();
        services.AddScoped<ProgrammeCycles>();
        services.AddScoped<ProgrammeTerms>();
        services.AddScoped<ProgrammeYears>();
        services.AddScoped<ProcedureWaits>();
        services.AddScoped<ProjectFiles>();
        services.AddScoped<ProofArchive>();
        services.AddScoped<Remainders>();
        services.AddScoped<FirstPayment>();
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<Rehearsals>(provider, configuration));
        services.AddScoped<Repayments>();
        services.AddScoped<SealCertificates>();
        services.AddScoped<SealedDocuments>();
        services.AddScoped<SessionPlans>();
        services.AddScoped<StaffDays>();
        services.AddScoped<StateAid>();
        services.AddScoped<StepSubjects>();
        services.AddScoped<SubsidisedLoans>();
        services.AddScoped<TaskLinks>();
        services.AddScoped<TimeSheets>();
        services.AddScoped<Trail>();
        services.AddScoped<Transfers>();
        return services;
    }
}
