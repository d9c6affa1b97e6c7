using Alize.Data;
using Alize.Data.People;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Alize.Web.People;

/// <summary>Accounts of those who sign in: password, lockout, cookie, and what each role may do.</summary>
internal static class SignIn
{
    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddIdentityCore<AlizeUser>(identity =>
            {
                identity.Password.RequiredLength = 12;
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;   // length protects, odd signs are forgotten
                identity.Password.RequiredUniqueChars = 5;
                identity.Lockout.MaxFailedAccessAttempts = 5;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
                identity.User.RequireUniqueEmail = true;
            })
            .AddEntityFrameworkStores<AlizeDb>()
            .AddSignInManager()
            .AddErrorDescriber<FrenchIdentityErrors>()
            .AddDefaultTokenProviders();
        services.AddScoped<IUserClaimsPrincipalFactory<AlizeUser>, NamedPrincipalFactory>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies(cookies => cookies.ApplicationCookie?.Configure(cookie =>
        {
            cookie.Cookie.Name = "alize.session";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.LoginPath = "/account/sign-in";
            cookie.LogoutPath = "/account/sign-out";
            cookie.AccessDeniedPath = "/account/denied";
            cookie.ReturnUrlParameter = "return";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(10);   // a working day
            cookie.SlidingExpiration = true;
        }));

        services.AddAuthorizationBuilder()
            .AddPolicy(ProgrammePolicies.Read, policy => policy.RequireAuthenticatedUser().AddRequirements(new RoleInProgramme(
                MemberRole.Operator, MemberRole.Designer, MemberRole.Controller, MemberRole.NetworkHead)))
            .AddPolicy(ProgrammePolicies.Write, policy => policy.RequireAuthenticatedUser().AddRequirements(new RoleInProgramme(MemberRole.Operator)))
            .AddPolicy(ProgrammePolicies.Design, policy => policy.RequireAuthenticatedUser().AddRequirements(new RoleInProgramme(MemberRole.Designer)))
            .AddPolicy(ProgrammePolicies.Studio, policy => policy.RequireAuthenticatedUser().AddRequirements(new RoleInProgramme(MemberRole.Operator, MemberRole.Designer)));
        services.AddScoped<IAuthorizationHandler, RoleInProgrammeHandler>();
    }
}
