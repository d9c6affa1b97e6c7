using Microsoft.AspNetCore.Identity;

namespace Alize.Web.People;

/// <summary>What the framework says about accounts and passwords, in French: what is wrong and what to do.</summary>
public sealed class FrenchIdentityErrors : IdentityErrorDescriber
{
    public override IdentityError DefaultError() => Say(nameof(DefaultError), "L’opération n’a pas abouti. Réessayez ; si cela se répète, prévenez l’administrateur.");

    public override IdentityError ConcurrencyFailure() => Say(nameof(ConcurrencyFailure), "Ce compte vient d’être modifié par quelqu’un d’autre. Rechargez la page et recommencez.");

    public override IdentityError PasswordMismatch() => Say(nameof(PasswordMismatch), "Le mot de passe est inexact.");

    public override IdentityError InvalidToken() => Say(nameof(InvalidToken), "Ce code n’est plus valable. Demandez-en un nouveau.");

    public override IdentityError RecoveryCodeRedemptionFailed() => Say(nameof(RecoveryCodeRedemptionFailed), "Ce code de secours est inexact ou a déjà servi.");

    public override IdentityError LoginAlreadyAssociated() => Say(nameof(LoginAlreadyAssociated), "Cette identité est déjà rattachée à un compte.");

    public override IdentityError InvalidUserName(string? userName) => Say(nameof(InvalidUserName), $"L’identifiant « {userName} » contient un caractère interdit : n’employez que des lettres, des chiffres et . - _ @ +.");

    public override IdentityError InvalidEmail(string? email) => Say(nameof(InvalidEmail), $"« {email} » n’est pas une adresse électronique. Écrivez-la en entier, par exemple prenom.nom@exemple.fr.");

    public override IdentityError DuplicateUserName(string userName) => Say(nameof(DuplicateUserName), $"Un compte « {userName} » existe déjà. Choisissez un autre identifiant.");

    public override IdentityError DuplicateEmail(string email) => Say(nameof(DuplicateEmail), $"Un compte existe déjà pour l’adresse « {email} ».");

    public override IdentityError InvalidRoleName(string? role) => Say(nameof(InvalidRoleName), $"Le rôle « {role} » n’a pas un nom valable.");

    public override IdentityError DuplicateRoleName(string role) => Say(nameof(DuplicateRoleName), $"Le rôle « {role} » existe déjà.");

    public override IdentityError UserAlreadyHasPassword() => Say(nameof(UserAlreadyHasPassword), "Ce compte a déjà un mot de passe.");

    public override IdentityError UserLockoutNotEnabled() => Say(nameof(UserLockoutNotEnabled), "Ce compte ne peut pas être verrouillé.");

    public override IdentityError UserAlreadyInRole(string role) => Say(nameof(UserAlreadyInRole), $"Cette personne a déjà le rôle « {role} ».");

    public override IdentityError UserNotInRole(string role) => Say(nameof(UserNotInRole), $"Cette personne n’a pas le rôle « {role} ».");

    public override IdentityError PasswordTooShort(int length) => Say(nameof(PasswordTooShort), $"Le mot de passe est trop court : il lui faut au moins {length} caractères. Une phrase convient.");

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) => Say(nameof(PasswordRequiresUniqueChars), $"Le mot de passe doit contenir au moins {uniqueChars} caractères différents.");

    public override IdentityError PasswordRequiresNonAlphanumeric() => Say(nameof(PasswordRequiresNonAlphanumeric), "Le mot de passe doit contenir au moins un signe qui ne soit ni lettre ni chiffre.");

    public override IdentityError PasswordRequiresDigit() => Say(nameof(PasswordRequiresDigit), "Le mot de passe doit contenir au moins un chiffre.");

    public override IdentityError PasswordRequiresLower() => Say(nameof(PasswordRequiresLower), "Le mot de passe doit contenir au moins une minuscule.");

    public override IdentityError PasswordRequiresUpper() => Say(nameof(PasswordRequiresUpper), "Le mot de passe doit contenir au moins une majuscule.");

    private static IdentityError Say(string code, string sentence) => new() { Code = code, Description = Alize.Domain.FrenchText.Typeset(sentence) };
}
