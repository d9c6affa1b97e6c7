using Alize.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Alize.Web.Hosting;

/// <summary>Whether the database can be reached: what <c>/health</c> says to a load balancer, without a detail.</summary>
internal sealed class DatabaseAnswers(AlizeDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database does not answer; see Database:ConnectionString.");
}
