namespace Alize.Engine.Definitions;

/// <summary>Everything that is said about a definition that cannot run, in French and in English, on one page.</summary>
public static class DefinitionSentences
{
    // {0}, {1}… are the sentence's arguments; plain spaces here, no-break ones are set on the way out.
    private static readonly Dictionary<string, (string French, string English)> Sentences = new(StringComparer.Ordinal)
    {
        ["nothing"] = ("", ""),
        ["lines"] = ("{0}\n{1}", "{0}\n{1}"),
        ["did-you-mean"] = (" Vouliez-vous dire « {0} » ?", " Did you mean '{0}'?"),
        ["in-activity"] = ("Activité « {0} » : {1}", "Activity '{0}': {1}"),
        ["in-file"] = ("{0}.json : {1}", "{0}.json: {1}"),

        // The file and the definition.
        ["not-an-object"] = (
            "La définition n’est pas un objet JSON. Exportez-la de nouveau depuis l’éditeur.",
            "The definition is not a JSON object. Export it from the designer again."),
        ["not-json"] = (
            "Le fichier n’est pas du JSON valide, ligne {0}, colonne {1} : {2}. Corrigez-le à cet endroit, ou exportez de nouveau la définition depuis l’éditeur.",
            "The file is not valid JSON at line {0}, column {1}: {2}. Correct it there, or export the definition from the designer again."),
        ["no-id"] = (
            "La définition n’a pas de definitionId : rien ne peut la démarrer. Écrivez \"definitionId\": \"{0}\".",
            "The definition has no definitionId, so nothing can start it. Write \"definitionId\": \"{0}\"."),
        ["other-id"] = (
            "Le fichier s’appelle « {0} » et son definitionId est « {1} ». Donnez-leur le même nom : c’est par lui qu’on trouve la définition.",
            "The file is named '{0}' and its definitionId is '{1}'. Make them the same: the file's name is how it is found."),
        ["no-root"] = (
            "La définition n’a pas de racine : rien n’a été dessiné, rien ne s’exécuterait. Dessinez-la dans l’éditeur, ou exportez-la de nouveau.",
            "The definition has no root: nothing was drawn, so nothing would run. Draw it in the designer, or export it again."),
        ["root-no-activity"] = (
            "La racine n’est pas une activité : il lui faut id, type et version. Exportez de nouveau la définition depuis l’éditeur.",
            "The root is no activity: it needs id, type and version. Export the definition from the designer again."),
        ["same-id"] = (
            "{0} activités portent l’identifiant « {1} » ({2}). Donnez à chacune le sien.",
            "{0} activities have the id '{1}' ({2}). Give each its own id."),

        // One activity.
        ["unknown-type"] = (
            "son type est « {0} », qui n’existe pas ici.{1} Corrigez le type, ou enregistrez-le dans le service.",
            "its type is '{0}', which is not registered.{1} Correct the type, or register it."),
        ["unknown-property"] = (
            "« {0} » n’est ni une entrée ni une sortie de {1} : ce serait ignoré.{2}",
            "'{0}' is no input or output of {1}, so it would be ignored.{2}"),
        ["it-has"] = (" Elle a : {0}.", " It has: {0}."),
        ["missing-input"] = (
            "il manque l’entrée « {0} » ({1}) de {2}. Donnez-lui une valeur.{3}",
            "the input '{0}' ({1}) of {2} is missing. Give it a value.{3}"),
        ["it-means"] = (" Elle signifie : {0}", " It means: {0}"),
        ["bad-value"] = (
            "l’entrée « {0} » a une valeur qu’elle ne peut pas prendre : « {1} » ne donne pas le type {2}. Corrigez-la dans la définition.",
            "the input '{0}' has a value it cannot take: {3}"),
        ["no-definition"] = (
            "elle nomme la procédure « {0} », qui n’existe pas.{1} Ajoutez cette définition, ou corrigez l’identifiant.",
            "it names the workflow '{0}', which does not exist.{1} Add that definition, or correct the id."),
        ["bad-expression"] = ("l’expression {0} de « {1} » {2}", "the {0} expression of '{1}' {2}"),
        ["undeclared-input"] = (
            "« {0} » lit l’entrée « {1} » de la procédure, que la définition ne déclare pas.{2}",
            "'{0}' reads the workflow's input '{1}', which the definition does not declare.{2}"),
        ["declares"] = (" Elle déclare : {0}.", " It declares: {0}."),
        ["declares-none"] = (" Elle n’en déclare aucune : ajoutez-la.", " It declares no inputs: add it."),
        ["undeclared-variable"] = (
            "« {0} » nomme la variable « {1} », que la définition ne déclare pas.{2} Déclarez-la, ou corrigez le nom.",
            "'{0}' names the variable '{1}', which the definition does not declare.{2} Declare it, or correct the name."),
        ["unknown-name"] = (
            "le JavaScript de « {0} » emploie « {1} », qui n’est ni déclaré ni une fonction.{2} Une variable se lit par getVariable('Nom') ou getNom() ; un nom à vous se déclare par let ou const.",
            "the JavaScript of '{0}' uses '{1}', which is neither declared nor a function.{2} Variables are read with getVariable('Name') or getName(); names of your own need let or const."),
        ["unknown-target"] = (
            "la sortie « {0} » va à « {1} », qui n’est ni l’identifiant d’une variable ni une sortie de la procédure.{2} Choisissez-en une dans l’éditeur.",
            "the output '{0}' goes to '{1}', which is neither a variable's id nor an output of the workflow.{2} Choose one in the designer."),

        // The arrows of a flowchart.
        ["not-an-activity"] = (
            "elle contient autre chose qu’une activité : « {0} ». Il faut à une activité id, type et version.",
            "it holds something that is no activity: '{0}'. An activity needs id, type and version."),
        ["dangling"] = (
            "la liaison de « {0} » à « {1} » nomme l’activité « {2} », qui n’est pas dans ce diagramme.{3} Retracez-la, ou supprimez-la.",
            "the connection from '{0}' to '{1}' names the activity '{2}', which is not in this flowchart.{3} Draw it again, or delete it."),
        ["nothing-follows"] = (
            "une liaison en part par « {0} », et rien ne suit une activité {1}. Supprimez la liaison.",
            "a connection leaves it by '{0}', and nothing follows a {1}. Delete the connection."),
        ["unknown-port"] = (
            "une liaison en part par « {0} », que {1} n’a pas : elle ne serait jamais suivie.{2} Elle a : {3}.",
            "a connection leaves it by '{0}', which a {1} does not have, so it would never be followed.{2} It has: {3}."),
        ["unreached"] = (
            "aucune liaison n’y mène, elle ne s’exécuterait jamais : le diagramme commence à « {0} ». Reliez-la, marquez-la comme départ, ou supprimez-la.",
            "no connection leads to it, so it would never run: the flowchart starts at '{0}'. Connect it, mark it as a start, or delete it."),
        ["unreached-group"] = (
            "on ne peut pas l’atteindre depuis le départ, seulement depuis des activités qu’on n’atteint pas non plus. Reliez l’une d’elles, ou supprimez-les.",
            "it cannot be reached from the start, only from activities that cannot be reached either. Connect one of them, or delete them."),

        // Loading and compiling.
        ["no-folder"] = (
            "Le dossier « {0} » des définitions n’existe pas. Créez-le, ou corrigez le réglage qui le nomme.",
            "Folder '{0}' of definitions does not exist. Create it, or correct the setting that names it."),
        ["never-added"] = (
            "La définition « {0} » n’a pas pu être ajoutée : chaque fois, une autre version était là avant. Un autre nœud la publie-t-il sans cesse ?",
            "Definition '{0}' could not be added: each time another version of it was there first. Is it being published again and again by another node?"),
        ["unknown-activity"] = (
            "La définition « {0} », version {1}, emploie l’activité « {2} » (« {3} »), qui n’existe pas ici.{4}",
            "Definition '{0}' version {1} uses activity '{2}', which is not registered.{4} (activity '{3}')"),
        ["too-deep"] = (
            "La définition « {0} » emploie des procédures comme activités sur plus de {1} niveaux. L’une d’elles s’emploie-t-elle elle-même ?",
            "Definition '{0}' uses workflows as activities more than {1} deep. Does one of them use itself?"),
        ["unpublished-activity"] = (
            "La définition « {0} », version {1}, emploie la procédure « {2} » comme activité, et celle-ci n’a pas de version publiée. Publiez-la d’abord.",
            "Definition '{0}' version {1} uses workflow '{2}' as an activity, and it has no published version. Publish it first."),
        ["two-activities"] = (
            "La définition « {0} », version {1}, a deux activités d’identifiant « {2} » dans « {3} ». Donnez à l’une un autre identifiant.",
            "Definition '{0}' version {1} has two activities with id '{2}' in '{3}'. Give one another id."),
        ["no-version"] = (
            "La version « {0} » n’existe pas. Restaurez-la : des instances l’exécutent.",
            "Definition version '{0}' does not exist. Restore it: instances run it."),
        ["not-published"] = (
            "La définition « {0} » n’a pas de version publiée. Publiez-la, ou corrigez l’identifiant.",
            "Definition '{0}' has no published version. Publish it, or correct the id."),
        ["no-such-version"] = (
            "La définition « {0} » n’a pas de version « {1} ». Publiez-la, ou corrigez l’identifiant.",
            "Definition '{0}' has no version '{1}'. Publish it, or correct the id."),

        // Running.
        ["process-ended"] = (
            "Le service s’est arrêté net {0} fois pendant que cette procédure avançait : mémoire épuisée, récursion sans fin ou panne d’un composant. Cherchez l’étape en cause avant de relancer.",
            "The process ended {0} times while this instance went on: out of memory, endless recursion, or a component that broke off. It is no longer run by itself: find the step that does it before you retry."),
        ["process-ended-at"] = (
            "Le service s’est arrêté net {0} fois pendant que cette procédure avançait à partir de l’étape « {1} » : mémoire épuisée, récursion sans fin ou panne d’un composant. Regardez cette étape et les suivantes avant de relancer.",
            "The process ended {0} times while this instance went on from step '{1}': out of memory, endless recursion, or a component that broke off. It is no longer run by itself: look at that step and those after it before you retry."),

        // Saving and publishing.
        ["changed-meanwhile"] = (
            "La définition « {0} » vient d’être changée par quelqu’un d’autre. Rechargez-la et recommencez.",
            "Definition '{0}' was changed by somebody else at the same moment. Reload it and try again."),
        ["would-be-emptied"] = (
            "La version {0} contient des activités que l’éditeur ne connaît pas ({1}), et il n’en resterait aucune : cet enregistrement la viderait. Rechargez-la ; rien n’a été changé.",
            "Version {0} holds activities that the designer does not know ({1}), and none would be left: this save would empty it. Reload it; nothing was changed."),
        ["no-trigger"] = (
            "Ce qui démarre la procédure ne peut pas être évalué : {0}",
            "What starts the workflow cannot be evaluated: {0}"),

        // Expressions that cannot be read. What a parser says itself stays in its own words.
        ["source-too-long"] = (
            "compte {0} caractères ; {1} sont permis (ExpressionOptions.SourceLength). Faites ce travail dans une activité.",
            "is {0} characters long; {1} are allowed (ExpressionOptions.SourceLength). Move the work into an activity."),
        ["bigint"] = (
            "emploie le BigInt {0}, ligne {1}, colonne {2}, qui n’existe pas ici. Écrivez un nombre simple, sans le n.",
            "uses the BigInt {0} at line {1}, column {2}, which is not available here. Write a plain number, without the n."),
        ["no-script"] = (
            "ne se lit pas : {0}, ligne {1}, colonne {2}, dans « {3} ». Vérifiez-y parenthèses et guillemets.",
            "does not parse: {0} at line {1}, column {2}, in '{3}'. Check brackets and quotes there."),
        ["no-csharp"] = (
            "ne se compile pas : {0}, ligne {1}, colonne {2}, dans « {3} ». Corrigez-la.",
            "does not compile: {0} at line {1}, column {2}, in '{3}'. Correct it."),
        ["csharp-worker"] = (
            "n’a pas pu être compilée : {0}",
            "could not be compiled: {0}"),
        ["nested-too-deeply"] = (
            "ne se lit pas : trop de niveaux imbriqués, dans « {0} ». Découpez-la en étapes avec let.",
            "does not parse: it is nested too deeply, in '{0}'. Split it into steps with let."),
        ["no-template"] = (
            "ne se lit pas : {0}, ligne {1}, colonne {2}, dans « {3} ». Fermez-y chaque {{{{ }}}} et {{% %}}, et n’employez que les mots et filtres de Liquid.",
            "does not parse: {0} at line {1}, column {2}, in '{3}'. Close each {{{{ }}}} and {{% %}} there, and name only Liquid's tags and filters."),
        ["unknown-filter"] = (
            "emploie le filtre « {0} », ligne {1}, colonne {2}, qui n’existe pas.{3} Corrigez le nom, ou préparez la valeur dans une activité.",
            "uses the filter '{0}' at line {1}, column {2}, which does not exist.{3} Correct the name, or prepare the value in an activity."),
        ["template-too-complex"] = (
            "ne se lit pas : {0}, dans « {1} ». Écrivez plus simplement.",
            "does not parse: {0}, in '{1}'. Write it more simply."),
        ["no-structure"] = (
            "n’est pas du JSON, ligne {0}, colonne {1}, dans « {2} ». Mettez noms et textes entre guillemets droits, par exemple {{\"nom\": \"x\"}}.",
            "is not JSON at line {0}, column {1}, in '{2}'. Write names and texts in double quotes, e.g. {{\"name\": \"x\"}}."),
        ["no-reference"] = ("ne nomme rien. Choisissez dans la liste, ou écrivez le nom.", "names no {0}. Pick one, or write its name."),
        ["unknown-kind"] = (
            "ne peut pas être évaluée ici. Employez l’un de ces langages : {0}.",
            "cannot be evaluated here. Use one of: {0}."),
        ["csharp-off"] = (
            "est en C#, que ce service n’exécute que si Expressions:CSharp est permis dans ses réglages : le C# a les droits du service sur la machine. Écrivez-la en JavaScript.",
            "is C#, which runs only where Expressions:CSharp is allowed in the settings: C# has the service's rights on the machine. Write it in JavaScript."),
    };

    /// <summary>Every key, e.g. for the test that both languages have the same arguments.</summary>
    public static IReadOnlyCollection<string> Keys => Sentences.Keys;

    /// <summary>The patterns of a sentence.</summary>
    internal static (string French, string English) Of(string key) =>
        Sentences.TryGetValue(key, out var patterns) ? patterns : throw new ArgumentException($"No sentence has the key '{key}'. Add it to {nameof(DefinitionSentences)}.", nameof(key));
}
