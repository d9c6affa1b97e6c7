using Alize.Workflows;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Programmes;

/// <summary>
/// Base of a page of the programme with several forms: what was typed into one that is refused stays in its fields, and a sentence
/// follows what is done.
/// </summary>
public abstract class FormPage : ProgrammePage
{
    /// <summary>What was typed into a form that was refused; empty before.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; private set; } = new Dictionary<string, string>();

    /// <summary>What was typed into one field. Null before.</summary>
    public string? Typed(string name) => Answers.GetValueOrDefault(name);

    /// <summary>After a change: the page again where something stands against it, else the next one with a sentence.</summary>
    protected IActionResult Done(IReadOnlyList<Problem> problems, string sentence, string next)
    {
        if (problems.Count > 0) return Again(problems);
        Say(sentence);
        return Redirect(next);
    }

    /// <summary>Shows the page again with what was refused; it is loaded by then.</summary>
    protected PageResult Again(IReadOnlyList<Problem> problems)
    {
        Answers = Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString());
        return Refused(problems);
    }
}
