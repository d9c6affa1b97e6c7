using Alize.Data.Tasks;
using Alize.Data.Tests.Databases;
using Alize.Data.Tests.Workflow;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Tests.Mappings;

/// <summary>What is kept comes back as it was, the same on every database.</summary>
public abstract class MappingContract(TestDatabases databases, DatabaseProvider provider) : DatabaseTests(databases, provider)
{
    private readonly Sample sample = new();

    [Fact]
    public async Task Everything_in_a_programme_comes_back_as_it_was_saved()
    {
        await Database.AddAsync(sample.Everything());

        await Database.WithDbAsync(async db =>
        {
            Assert.Equivalent(sample.TheProgramme, await db.Programmes.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.ThePartner, await db.Partners.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheContact, await db.Contacts.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheCompany, await db.Companies.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheProject, await db.Projects.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheSession, await db.CommitteeSessions.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheDecision, await db.Decisions.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheDocument, await db.Documents.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheConvention, await db.Conventions.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheCommitment, await db.CompetenceCommitments.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheAdvance, await db.Advances.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheEntry, await db.JournalEntries.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheTask, await db.PartnerTasks.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(sample.TheMail, await db.OutboxMails.SingleAsync(Cancel), strict: true);
            return true;
        });
    }

    [Fact]
    public async Task What_passed_through_the_bank_comes_back_as_it_was_saved()
    {
        var bank = sample.Bank();
        await Database.AddAsync([.. sample.Everything(), .. bank]);

        await Database.WithDbAsync(async db =>
        {
            Assert.Equivalent(bank[0], await db.BankAccounts.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(bank[1], await db.PayeeAccounts.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(bank[2], await db.TransferFiles.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(bank[3], await db.PaymentOrders.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(bank[4], await db.BankStatements.SingleAsync(Cancel), strict: true);
            Assert.Equivalent(bank[5], await db.BankLines.SingleAsync(l => l.Matched == l.Amount, Cancel), strict: true);
            Assert.Equivalent(bank[6], await db.BankMatches.SingleAsync(Cancel), strict: true);
            return true;
        });
    }

    [Fact]
    public async Task An_instant_comes_back_in_UTC_and_a_local_one_is_refused()
    {
        await Database.AddAsync(sample.Everything());

        var saved = await Database.WithDbAsync(db => db.CommitteeSessions.Select(s => s.StartsAt).SingleAsync(Cancel));
        Assert.Equal((Sample.At, DateTimeKind.Utc), (saved, saved.Kind));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Database.WithDbAsync(async db =>
        {
            (await db.CommitteeSessions.SingleAsync(Cancel)).StartsAt = new(2026, 7, 1, 9, 0, 0, DateTimeKind.Local);
            return await db.SaveChangesAsync(Cancel);
        }));
        Assert.Contains("local time", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amounts_days_and_instants_are_compared_and_sorted_by_the_database()
    {
        await Database.AddAsync(sample.Everything());

        await Database.WithDbAsync(async db =>
        {
            Assert.Equal(1, await db.Projects.CountAsync(p => p.Cost > Money.Euros(40_000), Cancel));
            Assert.Equal(0, await db.Projects.CountAsync(p => p.Cost > Money.Euros(40_001), Cancel));
            Assert.Equal([1, 2, 3], await db.Installments.OrderBy(i => i.DueOn).Select(i => i.Number).ToListAsync(Cancel));
            Assert.Equal(2, await db.Installments.CountAsync(i => i.DueOn <= Sample.Day.AddMonths(2) && i.SettledOn == null, Cancel));
            Assert.Equal(0, await db.CommitteeSessions.CountAsync(s => s.StartsAt < Sample.At, Cancel));
            Assert.Equal(1, await db.CommitteeSessions.OrderBy(s => s.StartsAt).CountAsync(s => s.StartsAt <= Sample.At, Cancel));
            Assert.Equal(Money.Euros(4_000), (await db.Installments.OrderByDescending(i => i.Amount).FirstAsync(Cancel)).Amount);
            Assert.Equal(Money.Euros(12_000), (await db.JournalLines.OrderByDescending(l => l.DebitCents).FirstAsync(Cancel)).Debit);
            Assert.Equal(1_200_000, await db.JournalLines.SumAsync(l => l.DebitCents, Cancel));
            return true;
        });
    }

    [Fact]
    public async Task An_enum_is_kept_by_its_name()
    {
        await Database.AddAsync(sample.Everything());

        var stage = await Database.WithDbAsync(db => db.Database.SqlQuery<string>($"SELECT \"Stage\" AS \"Value\" FROM \"Projects\"").SingleAsync(Cancel));

        Assert.Equal("Detected", stage);
    }

    [Fact]
    public async Task A_part_added_to_a_loaded_aggregate_is_saved_as_a_new_one()
    {
        await Database.AddAsync(sample.Everything());
        await Database.WithDbAsync(async db =>
        {
            (await db.Projects.SingleAsync(Cancel)).Enter(ProjectStage.Eligibility, Sample.At, "Opératrice", "Complet");
            (await db.Programmes.SingleAsync(Cancel)).Agree(new() { Id = Guid.NewGuid(), ProgrammeId = sample.TheProgramme.Id, From = Sample.Day.AddYears(1) });
            (await db.CompetenceCommitments.SingleAsync(Cancel)).Log(Guid.NewGuid(), "k2", Sample.Day, 2, "Audit", Money.Euros(700), "Opératrice", Sample.At);
            (await db.Advances.SingleAsync(Cancel)).Receive(new()
            {
                Id = Guid.NewGuid(),
                ProgrammeId = sample.TheProgramme.Id,
                AdvanceId = sample.TheAdvance.Id,
                ReceivedOn = Sample.Day,
                Amount = Money.Euros(5_000),
                BankReference = "VIR-1",
                RecordedBy = "Opératrice",
            });
            return await db.SaveChangesAsync(Cancel);
        });

        await Database.WithDbAsync(async db =>
        {
            var project = await db.Projects.SingleAsync(Cancel);
            var change = Assert.Single(project.StageChanges);
            Assert.Equal((ProjectStage.Detected, ProjectStage.Eligibility, 1), (change.From, change.To, project.Version));
            Assert.Equal(2, (await db.Programmes.SingleAsync(Cancel)).Settings.Count);
            Assert.Equal(5, (await db.CompetenceCommitments.SingleAsync(Cancel)).HalfDaysLogged);
            var advance = await db.Advances.SingleAsync(Cancel);
            Assert.Equal([1, 2, 3], advance.Installments.Select(i => i.Number));
            Assert.Equal((Money.Euros(5_000), Money.Euros(7_000)), (advance.Repaid, advance.Outstanding));
            return true;
        });
    }

    [Fact]
    public async Task Of_two_answers_to_one_task_the_first_counts()
    {
        await Database.AddAsync(sample.Everything());

        await Database.WithDbAsync(async slow =>
        {
            var task = await slow.PartnerTasks.SingleAsync(Cancel);
            await Database.WithDbAsync(async fast =>
            {
                (await fast.PartnerTasks.SingleAsync(Cancel)).Give("Accepted", "{}", "Anne Roche", Sample.At);
                return await fast.SaveChangesAsync(Cancel);
            });

            task.Give("Refused", "{}", "Anne Roche", Sample.At);
            return await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => slow.SaveChangesAsync(Cancel));
        });

        Assert.Equal("Accepted", await Database.WithDbAsync(db => db.PartnerTasks.Select(t => t.Outcome).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task What_must_be_unique_is_kept_once()
    {
        await Database.AddAsync(sample.Everything());
        var repeated = new (string What, object Row)[]
        {
            ("slug", Sample.Programme(sample.TheProgramme.Slug)),
            ("number of a project", new CompanyProject
            {
                Id = Guid.NewGuid(),
                ProgrammeId = sample.TheProgramme.Id,
                Number = sample.TheProject.Number,
                CompanyId = sample.TheCompany.Id,
                Title = "Autre",
                DetectedByPartnerId = sample.ThePartner.Id,
                DetectedOn = Sample.Day,
            }),
            ("step of a task", sample.Task(sample.TheTask.StepKey)),
            ("key of a mail", sample.Mail(sample.TheMail.Key)),
            ("key of a movement", sample.Entry(sample.TheEntry.Key)),
            ("survey at 12 months", sample.Survey()),
            ("vote of a member", new Vote
            {
                ProgrammeId = sample.TheProgramme.Id,
                DecisionId = sample.TheDecision.Id,
                ContactId = sample.TheContact.Id,
                Choice = VoteChoice.No,
            }),
            ("number of an instalment", new Installment
            {
                Id = Guid.NewGuid(),
                ProgrammeId = sample.TheProgramme.Id,
                AdvanceId = sample.TheAdvance.Id,
                Number = 1,
                DueOn = Sample.Day,
                CollectOn = Sample.Day,
                Amount = Money.Euros(1),
            }),
        };

        foreach (var (what, row) in repeated)
        {
            var failure = await Record.ExceptionAsync(() => Database.AddAsync(row));
            Assert.True(failure is DbUpdateException, $"A second {what} was accepted, or refused otherwise: {failure}");
        }
    }

    [Fact]
    public async Task Keys_of_one_programme_do_not_bind_another()
    {
        await Database.AddAsync(sample.Everything());
        var other = Sample.Programme("autre");
        var entry = Domain.Accounts.JournalEntry.Of(
            Domain.Accounts.Movements.Received(
                sample.TheEntry.Key, sample.TheEntry.Account, sample.ThePartner.Id, "Un financeur", Domain.Money.Euros(1), default, default, Sample.Day,
                new(Domain.Accounts.SourceKind.BankLine, null, "VIR-1")),
            Guid.NewGuid(), other.Id, "Opératrice", Sample.At);

        Assert.Equal(5, await Database.AddAsync(other, entry));
    }

    [Fact]
    public async Task A_thing_that_others_refer_to_cannot_be_deleted()
    {
        await Database.AddAsync(sample.Everything());

        await Assert.ThrowsAnyAsync<Exception>(() => Database.WithDbAsync(db =>
            db.Companies.Where(c => c.Id == sample.TheCompany.Id).ExecuteDeleteAsync(Cancel)));
        await Assert.ThrowsAnyAsync<Exception>(() => Database.WithDbAsync(db =>
            db.Programmes.ExecuteDeleteAsync(Cancel)));

        Assert.Equal(1, await Database.WithDbAsync(db => db.Companies.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_account_and_its_role_in_a_programme_are_kept()
    {
        await Database.AddAsync(
            sample.TheProgramme,
            new People.AlizeUser { Id = "u1", UserName = "op", FullName = "Opératrice" },
            new People.ProgrammeMember { UserId = "u1", ProgrammeId = sample.TheProgramme.Id, Role = People.MemberRole.Operator },
            new People.ProgrammeMember { UserId = "u1", ProgrammeId = sample.TheProgramme.Id, Role = People.MemberRole.Designer });

        Assert.Equal(2, await Database.WithDbAsync(db => db.ProgrammeMembers.CountAsync(m => m.UserId == "u1", Cancel)));
    }

    [Fact]
    public async Task A_link_is_found_by_its_hash()
    {
        await Database.AddAsync(sample.Everything());
        await Database.AddAsync(new TaskLink
        {
            TokenHash = StoredSamples.Hash,
            ProgrammeId = sample.TheProgramme.Id,
            Purpose = "task",
            TaskId = sample.TheTask.Id,
            ContactId = sample.TheContact.Id,
            CreatedAt = Sample.At,
            ExpiresAt = Sample.At.AddDays(30),
        });

        Assert.NotNull(await Database.WithDbAsync(db => db.TaskLinks.FindAsync([StoredSamples.Hash], Cancel).AsTask()));
    }
}

public sealed class SqliteMappingTests(TestDatabases databases) : MappingContract(databases, DatabaseProvider.Sqlite);

public sealed class PostgreSqlMappingTests(TestDatabases databases) : MappingContract(databases, DatabaseProvider.PostgreSql);
