using Alize.Engine.Definitions;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Committee;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Http;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Alize.Workflows.Results;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;

namespace Alize.Workflows;

/// <summary>
/// The index of what a definition may call beside the engine's own activities, in alphabetical order: ours, and those of Elsa that need
/// the outbox.
/// </summary>
public static class ActivityCatalogue
{
    public static ActivityRegistry AddAlize(this ActivityRegistry registry) => registry
        .Add<ApproveActivityReport>()
        .Add<AskPartner>()
        .Add<AskSignatures>()
        .Add<AwaitDecision>()
        .Add<AwaitInstallment>()
        .Add<AwaitRemainder>()
        .Add<AwaitSession>()
        .Add<AwaitSteeringLate>()
        .Add<AwaitSurveyDay>()
        .Add<AwaitTermDay>()
        .Add<AwaitYearDay>()
        .Add<CheckEligibility>()
        .Add<CheckYearlyDuties>()
        .Add<CloseYearAccounts>()
        .Add<DraftActivityReport>()
        .Add<DraftMinutes>()
        .Add<DraftRenewalStudy>()
        .Add<DueContribution>()
        .Add<EndSupport>()
        .Add<EnterStage>()
        .Add<FlowSendHttpRequest>()
        .Add<GiveRemainderBack>()
        .Add<HttpEndpoint>()
        .Add<InviteMembers>()
        .Add<ListCommitments>()
        .Add<ListInstallments>()
        .Add<Notify>()
        .Add<PayAdvance>()
        .Add<PayOperatingCost>()
        .Add<PrepareConvention>()
        .Add<RecordAgreement>()
        .Add<RecordCompanyFacts>()
        .Add<RecordDates>()
        .Add<RecordInstruction>()
        .Add<RecordJobs>()
        .Add<RecordMinutes>()
        .Add<RecordMobilisation>()
        .Add<RecordProgress>()
        .Add<RecordRemainder>()
        .Add<RecordRenewal>()
        .Add<RemindCompany>()
        .Add<ReopenDates>()
        .Add<ReopenDecision>()
        .Add<SendActivityReport>()
        .Add<SendEmail>()
        .Add<SendHttpRequest>()
        .Add<SendMinutes>()
        .Add<WriteHttpResponse>();
}
