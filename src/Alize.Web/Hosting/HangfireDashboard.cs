using System.Security.Claims;
using Alize.Data;
using Alize.Data.People;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Hosting;

/// <summary>Hangfire's own pages at <c>/hangfire</c>, for signed-in operators alone; each job shows its project and reminder.</summary>
internal static class HangfireDashboard
{
    public static void Map(WebApplication app) =>
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            Authorization = [],
            AsyncAuthorization = [new OperatorsOnly()],
            DashboardTitle = "ALIZÉ — échéances",
            AppPath = "/",
            IsReadOnlyFunc = _ => true,
        }).RequireAuthorization();

    private sealed class OperatorsOnly : IDashboardAsyncAuthorizationFilter
    {
        public async Task<bool> AuthorizeAsync(DashboardContext context)
        {
            var http = context.GetHttpContext();
            var userId = http.User.FindFirstValue(ClaimTypes.NameIdentifier);
            return userId is not null && await http.RequestServices.GetRequiredService<AlizeDb>().ProgrammeMembers
                .AnyAsync(m => m.UserId == userId && m.Role == MemberRole.Operator, http.RequestAborted);
        }
    }
}
