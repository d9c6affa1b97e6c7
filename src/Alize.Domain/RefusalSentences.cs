using System.Globalization;

namespace Alize.Domain;

/// <summary>
/// The sentence behind each <see cref="Refusal.Reason"/>, in French and in English: what is refused, why, and what to do.
/// One table, so that a translator or a lawyer reads them all on one page.
/// </summary>
public static class RefusalSentences
{
    // {0}, {1}… are the refusal's figures. French: plain spaces here, no-break ones where due are set on the way out.
    private static readonly Dictionary<string, (string French, string English)> Sentences = new(StringComparer.Ordinal)
    {
        // R1, art. 6.1
        ["not-registered"] = (
            "L’entreprise n’est pas éligible : elle n’est inscrite ni au registre du commerce ni au registre des métiers. Revenez vers elle quand elle aura un extrait Kbis ou D1.",
            "The company is not eligible: it is in neither the trade register nor the crafts register. Come back to it once it has an extract."),
        ["headcount-too-high"] = (
            "L’entreprise n’est pas éligible : elle emploie {0} personnes et la convention en veut moins de 250. Orientez-la vers les dispositifs ouverts aux grandes entreprises.",
            "The company is not eligible: it employs {0} persons and the convention wants fewer than 250. Direct it to schemes open to larger enterprises."),
        ["company-too-large"] = (
            "L’entreprise n’est pas éligible : son chiffre d’affaires ({0}) n’est pas inférieur à 50 millions d’euros et son total de bilan ({1}) n’est pas inférieur à 43 millions. Il suffirait que l’un des deux le soit ; vérifiez les derniers comptes clos.",
            "The company is not eligible: its turnover ({0}) is not below 50 million euros and its balance-sheet total ({1}) is not below 43 million. One of the two would be enough; check the last closed accounts."),
        ["not-independent"] = (
            "L’entreprise n’est pas éligible : une autre entreprise détient {0} de son capital et la convention veut moins de 25 %. Vérifiez la répartition du capital dans les statuts à jour.",
            "The company is not eligible: another enterprise holds {0} of its capital and the convention wants less than 25 %. Check the holders in the current articles of association."),
        ["creates-no-job"] = (
            "Le projet n’est pas éligible : il ne crée pas d’emploi. Orientez l’entreprise vers un dispositif sans condition d’emploi, ou revoyez le projet avec elle.",
            "The project is not eligible: it creates no job. Direct the company to a scheme without that condition, or review the project with it."),

        // R2 to R4, art. 5.2 and 7
        ["vote-negative"] = (
            "Le vote ne peut pas être enregistré : un nombre de présents ou de voix est négatif. Recomptez et corrigez la saisie.",
            "The vote cannot be recorded: a number of members or of votes is negative. Count again and correct it."),
        ["nobody-present"] = (
            "Le vote ne peut pas être enregistré : aucun membre n’est noté présent. Pointez d’abord les présents.",
            "The vote cannot be recorded: no member is marked present. Mark those present first."),
        ["more-votes-than-present"] = (
            "Le vote ne peut pas être enregistré : {0} voix comptées pour {1} présents. Vérifiez la feuille de présence, puis recomptez ; un pouvoir ne vote pas.",
            "The vote cannot be recorded: {0} votes counted for {1} members present. Check the attendance list, then count again; a proxy has no vote."),
        ["chair-not-from-company"] = (
            "{0} ne peut pas présider le comité d’agrément : cette personne ne représente pas une entreprise partenaire. Choisissez le représentant d’une entreprise.",
            "{0} cannot chair the approval committee: this person does not represent a partner company. Choose a company's representative."),
        ["chair-not-active"] = (
            "{0} ne peut pas présider le comité d’agrément : cette personne n’est plus en activité dans son entreprise. Choisissez un représentant en activité.",
            "{0} cannot chair the approval committee: this person is no longer active in the company. Choose an active representative."),
        ["members-not-invited"] = (
            "La séance ne peut pas s’ouvrir : des membres n’ont pas été invités ({0}). Invitez-les, ou reportez la séance.",
            "The session cannot open: members were not invited ({0}). Invite them, or postpone the session."),
        ["astrees-not-invited"] = (
            "La séance ne peut pas s’ouvrir : ASTREES n’a pas été invitée, alors qu’elle l’est à chaque réunion. Envoyez-lui l’invitation.",
            "The session cannot open: ASTREES was not invited, and it is to each meeting. Send it the invitation."),
        ["minutes-not-sent"] = (
            "La séance ne peut pas être close : le compte rendu n’a pas été envoyé à tous les membres ({0}). Envoyez-le-leur.",
            "The session cannot be closed: the minutes were not sent to every member ({0}). Send them."),
        ["minutes-not-sent-to-astrees"] = (
            "La séance ne peut pas être close : le compte rendu n’a pas été envoyé à ASTREES. Envoyez-le-lui.",
            "The session cannot be closed: the minutes were not sent to ASTREES. Send them."),

        // R5 to R7, art. 6.2: the decision
        ["money-without-competences"] = (
            "L’aide financière ne peut pas être décidée seule : elle est liée à un appui en compétences. Inscrivez au moins une demi-journée de compétences dans la même décision.",
            "Financial aid cannot be decided alone: it goes with competence support. Enter at least half a day of competences in the same decision."),
        ["advance-not-positive"] = (
            "L’avance ne peut pas être accordée : son montant doit être supérieur à zéro. Saisissez le montant demandé.",
            "The advance cannot be granted: it must be more than zero. Enter the amount asked for."),
        ["advance-without-duration"] = (
            "L’avance ne peut pas être accordée : sa durée doit être d’au moins un mois. Saisissez la durée.",
            "The advance cannot be granted: it must last at least one month. Enter the duration."),
        ["advance-too-long"] = (
            "L’avance ne peut pas être accordée sur {0} mois : la convention en permet {1} au plus. Réduisez la durée.",
            "The advance cannot be granted over {0} months: the convention allows {1} at most. Shorten it."),
        ["deferral-out-of-range"] = (
            "Le différé de {0} mois n’est pas permis : la convention le veut entre 0 et {1} mois. Corrigez le différé.",
            "A deferral of {0} months is not allowed: the convention wants 0 to {1} months. Correct it."),
        ["no-time-to-repay"] = (
            "L’avance ne peut pas être accordée : une durée de {0} mois avec {1} mois de différé ne laisse place à aucune échéance. Allongez la durée ou réduisez le différé.",
            "The advance cannot be granted: a duration of {0} months with {1} months of deferral leaves room for no instalment. Lengthen one or shorten the other."),
        ["advance-too-small"] = (
            "L’avance de {0} ne peut pas être remboursée en {1} échéances : une échéance serait nulle ou négative. Augmentez le montant ou raccourcissez la durée.",
            "An advance of {0} cannot be repaid in {1} instalments: one would be zero or negative. Raise the amount or shorten the duration."),
        ["credits-not-available"] = (
            "L’avance de {0} ne peut pas être décidée : {1} seulement sont disponibles, il manque {2}. Réduisez l’avance ou attendez un versement au fonds.",
            "The advance of {0} cannot be decided: only {1} is available, {2} short. Reduce the advance or wait for a payment into the fund."),
        ["project-cost-missing"] = (
            "L’aide financière ne peut pas être décidée : le coût du projet n’est pas renseigné. Saisissez le plan de financement.",
            "Financial aid cannot be decided: the cost of the project is missing. Enter its financing plan."),
        ["own-share-exceeds-cost"] = (
            "Le plan de financement est faux : la part du porteur ({0}) dépasse le coût du projet ({1}). Corrigez l’un des deux montants.",
            "The financing plan is wrong: the holder's share ({0}) exceeds the cost of the project ({1}). Correct one of the two."),
        ["own-share-too-small"] = (
            "L’aide financière ne peut pas être décidée : le porteur finance {0} sur {1}, soit {2}, et le programme veut au moins {3}. Sa part doit atteindre {4}.",
            "Financial aid cannot be decided: the holder finances {0} of {1}, that is {2}, and the programme wants at least {3}. The share must reach {4}."),
        ["de-minimis-exceeded"] = (
            "L’aide ne peut pas être décidée : son équivalent-subvention est de {0} et le plafond de minimis ne laisse que {1}, soit {2} de trop. Réduisez l’aide ou attendez la sortie d’aides anciennes de la période.",
            "The aid cannot be decided: its grant equivalent is {0} and the de minimis ceiling leaves only {1}, {2} too much. Reduce the aid or wait for old aid to leave the period."),
        ["base-rate-missing"] = (
            "L’équivalent-subvention ne peut pas être calculé : aucun taux de base n’est enregistré au {0}. Ajoutez le taux publié par la Commission, avec sa source.",
            "The grant equivalent cannot be computed: no base rate is recorded on {0}. Add the rate published by the Commission, with its source."),
        ["base-rate-too-old"] = (
            "L’équivalent-subvention au {0} n’est pas sûr : le dernier taux de base enregistré ({1}) date du {2}, plus d’un an avant. Ajoutez le taux publié depuis par la Commission.",
            "The grant equivalent on {0} is not safe: the last base rate recorded ({1}) is of {2}, a year earlier or more. Add the rate the Commission has published since."),

        // R2, R5, R7, R8, R19: the payment
        ["pay-without-decision"] = (
            "Le versement est refusé : le comité d’agrément n’a pas adopté la décision ({0}). Inscrivez le projet à une séance.",
            "The payment is refused: the approval committee has not carried the decision ({0}). Put the project on a session's agenda."),
        ["pay-before-signature"] = (
            "Le versement est refusé : la convention de coopération et développement n’est pas signée par tous ({0}). Attendez la dernière signature.",
            "The payment is refused: the cooperation and development convention is not signed by all ({0}). Wait for the last signature."),
        ["pay-without-competences"] = (
            "Le versement est refusé : aucun appui en compétences n’est engagé ({0}). Obtenez l’engagement d’une entreprise partenaire.",
            "The payment is refused: no competence support is committed ({0}). Obtain a partner company's commitment."),
        ["pay-without-own-share"] = (
            "Le versement est refusé : une part significative du financement ne reste pas à la charge du porteur ({0}). Revoyez le plan de financement avec lui.",
            "The payment is refused: no significant part of the financing stays with the project's holder ({0}). Go through the financing plan together."),
        ["pay-beyond-state-aid"] = (
            "Le versement est refusé : les règles de cumul des aides publiques ne sont pas respectées ({0}). Complétez les aides déclarées ou ramenez le cas au comité.",
            "The payment is refused: the rules on cumulated State aid are not respected ({0}). Complete the aids declared or bring the case back to the committee."),
        ["pay-without-credits"] = (
            "Le versement est refusé : le compte d’avances ne le permet pas ({0}). Attendez un versement au fonds.",
            "The payment is refused: the advances account does not allow it ({0}). Wait for a payment into the fund."),
        ["pay-twice"] = (
            "Le versement est refusé : il a déjà été fait ({0}). Consultez le journal du compte d’avances.",
            "The payment is refused: it was already made ({0}). See the journal of the advances account."),
        ["pay-not-ordered"] = (
            "Le versement est refusé : la procédure de ce projet n’en est pas au versement. Suivez ses tâches en cours.",
            "The payment is refused: this project's procedure has not come to the payment. Follow its open tasks."),

        // R2, R6: an advance that is paid
        ["ruling-not-carried"] = (
            "La décision n’est pas adoptée : {0} voix pour sur {1} présents, il en faut {2}. Rien n’a été changé.",
            "The decision is not carried: {0} votes for of {1} present, {2} are needed. Nothing was changed."),
        ["nothing-to-reschedule"] = (
            "Il n’y a rien à rééchelonner : tout est remboursé ou passé en perte. Rien n’a été changé.",
            "There is nothing to reschedule: all is repaid or given up. Nothing was changed."),
        ["rescheduling-out-of-term"] = (
            "La première échéance nouvelle doit tomber après la décision du {0} et au plus tard le {1}, terme des 36 mois. Choisissez un autre mois.",
            "The first new instalment must fall after the decision of {0} and by {1}, when the 36 months end. Choose another month."),
        ["rescheduling-too-long"] = (
            "{0} échéances dépasseraient le {1}, terme des 36 mois : depuis la première, il en tient {2} au plus. Réduisez leur nombre.",
            "{0} instalments would go beyond {1}, when the 36 months end: {2} fit at most from the first. Reduce their number."),
        ["loss-exceeds-debt"] = (
            "La perte de {0} dépasse ce que l’entreprise doit encore ({1}). Corrigez le montant.",
            "The loss of {0} exceeds what the company still owes ({1}). Correct the amount."),
        ["excess-returned-already"] = (
            "Ce remboursement ne peut pas être annulé : {0} du trop-perçu ont déjà été rendus à l’entreprise. Voyez d’abord avec elle.",
            "This repayment cannot be taken back: {0} of the excess has been given back to the company. See with it first."),
        ["pay-after-loss"] = (
            "Le versement est refusé : le comité a constaté une perte de {0} sur cette avance. Une aide nouvelle demande une décision nouvelle.",
            "The payment is refused: the committee has recorded a loss of {0} on this advance. New aid needs a new decision."),
        ["pay-beyond-grant"] = (
            "Le versement de {0} dépasse ce qui reste à verser de l’avance ({1}). Corrigez le montant.",
            "The payment of {0} exceeds what is left to pay of the advance ({1}). Correct the amount."),

        // R8, R15, R20: time spent by partners
        ["time-not-positive"] = (
            "Le temps ne peut pas être noté : il compte au moins une demi-journée. Corrigez le nombre.",
            "The time cannot be logged: it is half a day at least. Correct the number."),
        ["time-in-future"] = (
            "Le temps du {0} ne peut pas encore être noté : nous sommes le {1}. Notez-le une fois l’intervention faite.",
            "The time of {0} cannot be logged yet: today is {1}. Log it once the work is done."),
        ["time-without-convention"] = (
            "Le temps ne peut pas être noté : la convention de coopération et développement n’est pas signée par tous. Attendez la dernière signature.",
            "The time cannot be logged: the cooperation and development convention is not signed by all. Wait for the last signature."),
        ["time-before-convention"] = (
            "Le temps du {0} ne peut pas être noté : la convention n’est signée par tous que depuis le {1}. Corrigez le jour.",
            "The time of {0} cannot be logged: the convention has been signed by all only since {1}. Correct the day."),
        ["time-in-closed-period"] = (
            "Le temps du {0} ne peut plus être noté à ce jour : les comptes sont arrêtés jusqu’au {1}. Notez-le au {2} en disant dans la note quand il a été passé.",
            "The time of {0} can no longer be logged on that day: the accounts are closed through {1}. Log it on {2} and say in the note when it was spent."),
        ["time-beyond-commitment"] = (
            "Le temps noté irait au-delà de l’engagement : {0} pour {1} en journées, soit {2} de trop. Corrigez le nombre, ou cochez la case pour le noter quand même.",
            "The time logged would go beyond the commitment: {0} for {1} in days, {2} too many. Correct the number, or tick the box to log it all the same."),

        // R10, R12, R13: endowments and operating costs
        ["cdc-beyond-ceiling"] = (
            "La dotation de la Caisse des dépôts, {0}, dépasse 20 % du total : les autres financeurs apportent {1}. Elle peut être de {2} au plus, soit {3} de moins.",
            "The endowment of the Caisse des dépôts, {0}, exceeds 20 % of the total: the other funders bring {1}. It may be {2} at most, {3} less."),
        ["network-beyond-year"] = (
            "Le versement de {0} à ASTREES est refusé : elle reçoit 6 000 € par année calendaire, et {2} lui ont été versés en {1}. Il reste {3} pour cette année.",
            "The payment of {0} to ASTREES is refused: it gets 6,000 € a calendar year, and {2} was paid in {1}. {3} is left for that year."),
        ["network-beyond-term"] = (
            "Le versement de {0} à ASTREES est refusé : elle reçoit 18 000 € sur la convention, et {1} lui ont été versés. Il reste {2}.",
            "The payment of {0} to ASTREES is refused: it gets 18,000 € over the convention, and {1} was paid. {2} is left."),
        ["operator-fee-beyond-year"] = (
            "Le défraiement de {0} est refusé : il est de 10 000 € par an au plus, et {2} ont été versés en {1}. Il reste {3} pour cette année.",
            "The fee of {0} is refused: it is 10,000 € a year at most, and {2} was paid in {1}. {3} is left for that year."),

        // R9, R15: the journal
        ["account-overdrawn"] = (
            "Le mouvement est refusé : il sort {0} du compte « {1} », dont le solde est de {2}. Attendez une recette ou réduisez le montant.",
            "The movement is refused: it takes {0} out of the account “{1}”, whose balance is {2}. Wait for a receipt or reduce the amount."),
        ["period-closed"] = (
            "Le mouvement du {0} est refusé : les comptes sont arrêtés jusqu’au {1}. Datez-le du {2} au plus tôt.",
            "The movement of {0} is refused: the accounts are closed through {1}. Date it {2} at the earliest."),

        ["entry-not-reversible"] = (
            "L’écriture « {0} » ne peut pas être extournée seule : l’avance ou la décision dont elle vient dirait autre chose que le journal. Corrigez là d’où elle vient.",
            "The entry “{0}” cannot be reversed alone: the advance or decision it comes from would then say something else than the journal. Put it right there."),
        ["entry-reversed-already"] = (
            "L’écriture {0} ne peut pas être extournée deux fois : l’écriture {1} l’a déjà fait. Enregistrez le mouvement de nouveau s’il doit revenir.",
            "Entry {0} cannot be reversed twice: entry {1} has done it. Book the movement anew if it is to come back."),

        // R14 to R16, art. 5.1 and 8: the year and the term
        ["steering-not-met"] = (
            "Le comité de pilotage n’est plus en règle : il devait se réunir au plus tard le {0}. Convoquez-le sans attendre.",
            "The steering committee is overdue: it had to meet by {0}. Convene it without delay."),
        ["call-without-report"] = (
            "L’appel de fonds ne peut pas partir : le rapport d’activité {0}, qui en est l’annexe, n’est pas prêt. Arrêtez les comptes et établissez le rapport.",
            "The call for funds cannot be sent: the {0} activity report, its annexe, is not ready. Close the accounts and draw up the report."),
        ["aid-after-the-term"] = (
            "L’aide ne peut pas être décidée : la convention a pris fin le {0} et n’est pas renouvelée. Enregistrez le renouvellement, s’il est décidé.",
            "The aid cannot be decided: the convention ended on {0} and is not renewed. Record the renewal, if it is decided."),
        ["renewal-before-study"] = (
            "Le renouvellement ne peut pas être décidé maintenant : l’étude des conditions de poursuite ne commence que le {0}. Attendez ce jour.",
            "The renewal cannot be decided now: the study of whether to go on begins only on {0}. Wait for that day."),
        ["renewal-decided-already"] = (
            "Le renouvellement ne peut pas être décidé deux fois : il l’a été le {0}. Consultez la décision dans le journal du programme.",
            "The renewal cannot be decided twice: it was on {0}. See the decision in the programme's trail."),
        ["distribution-before-the-end"] = (
            "La dévolution ne peut pas être faite : la convention court jusqu’au {0}. Attendez son terme.",
            "The final distribution cannot be made: the convention runs until {0}. Wait for its end."),
        ["distribution-though-renewed"] = (
            "La dévolution ne peut pas être faite : la convention est renouvelée. Gardez les fonds pour la nouvelle période.",
            "The final distribution cannot be made: the convention is renewed. Keep the funds for the new period."),
        ["distribution-without-funders"] = (
            "La dévolution ne peut pas être faite : aucune dotation n’a été reçue. Vérifiez les dotations au journal.",
            "The final distribution cannot be made: no endowment was received. Check the endowments in the journal."),
        ["distribution-of-nothing"] = (
            "La dévolution ne peut pas être faite : il ne reste rien à répartir. Attendez un remboursement.",
            "The final distribution cannot be made: nothing is left to share. Wait for a repayment."),
        ["distribution-while-outstanding"] = (
            "La dévolution ne peut pas encore être faite : les entreprises doivent {0}, et les pertes ne sont connues qu’une fois la dernière avance remboursée ou perdue. Attendez, ou enregistrez la clause spécifique signée avec les financeurs.",
            "The final distribution cannot be made yet: companies owe {0}, and losses are known only when the last advance is repaid or lost. Wait, or record the specific clause signed with the funders."),
        ["transfer-without-structure"] = (
            "Le reversement ne peut pas être fait : aucune structure locale n’est désignée. Indiquez laquelle.",
            "The transfer cannot be made: no local structure is named. Say which."),
        ["transfer-without-agreement"] = (
            "Le reversement à une structure locale ne peut pas être fait : il lui faut l’accord écrit de {0}, qui préside le comité de pilotage. Joignez-le.",
            "The transfer to a local structure cannot be made: it needs the written agreement of {0}, who chairs the steering committee. Attach it."),

        // R9, R19: the bank
        ["iban-of-both-accounts"] = (
            "L’IBAN {0} ne peut pas servir ici : c’est celui de l’autre compte, et la convention veut deux comptes distincts. Saisissez l’IBAN de ce compte-ci.",
            "IBAN {0} cannot be used here: it is the other account's, and the convention wants two separate accounts. Enter this account's own IBAN."),
        ["order-not-prepared"] = (
            "Le virement {0} ne peut pas être libéré : il l’a déjà été ou il a été retiré. Rechargez la page pour voir où il en est.",
            "Transfer {0} cannot be released: it already was, or it was withdrawn. Reload the page to see where it stands."),
        ["order-released-by-preparer"] = (
            "Le virement {0} ne peut pas être libéré par {1} : c’est cette personne qui l’a préparé. Demandez à une autre personne habilitée de le vérifier et de le libérer.",
            "Transfer {0} cannot be released by {1}: this person prepared it. Ask another authorised person to check and release it."),
        ["statement-of-another-account"] = (
            "Le relevé est refusé : son compte {0} n’est aucun des deux comptes du programme. Vérifiez le fichier choisi, ou renseignez l’IBAN dans « Comptes bancaires ».",
            "The statement is refused: its account {0} is neither of the programme's two accounts. Check the chosen file, or enter the IBAN under « Comptes bancaires »."),

        // R4, R18: before the vote
        ["session-not-openable"] = (
            "La séance ne peut pas être ouverte : elle l’a déjà été. Rechargez la page pour voir où elle en est.",
            "The session cannot be opened: it was opened already. Reload the page to see where it stands."),
        ["schemes-not-considered"] = (
            "L’aide ne peut pas être décidée : les dispositifs existants n’ont pas été examinés. Complétez l’instruction du projet.",
            "The aid cannot be decided: the existing schemes were not considered. Complete the project's instruction."),
    };

    /// <summary>Every reason that has its sentences.</summary>
    public static IReadOnlyCollection<string> Reasons => Sentences.Keys;

    /// <summary>The sentence in French, with its article: « … (art. 6.2, R6) ».</summary>
    public static string French(Refusal refusal) => FrenchText.Typeset(Say(refusal, Find(refusal).French));

    /// <summary>The sentence in English, with its article.</summary>
    public static string English(Refusal refusal) => Say(refusal, Find(refusal).English);

    private static (string French, string English) Find(Refusal refusal) => Sentences.TryGetValue(refusal.Reason, out var pair)
        ? pair
        : throw new InvalidOperationException($"Reason '{refusal.Reason}' of rule {refusal.Rule} has no sentence. Add it to {nameof(RefusalSentences)}.");

    private static string Say(Refusal refusal, string sentence) =>
        string.Format(CultureInfo.InvariantCulture, sentence, [.. refusal.Figures]) + $" (art. {refusal.Article}, {refusal.Rule})";
}
