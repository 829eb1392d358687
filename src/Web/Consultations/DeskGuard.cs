using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>Reads what a clinician is about to send (notes, part B6). It keeps nobody's words.</summary>
internal sealed class DeskGuard(ReplyGuard guard, LightConsultation policy)
{
    /// <param name="confirmed">Rules of which this physician was told and which they leave as they are.</param>
    /// <param name="of">Digest of the words that were confirmed; null where the caller answers for that.</param>
    public GuardReading For(Subject who, IReadOnlyCollection<string>? confirmed, string? of = null) => new(guard, policy, who.Role == Role.Physician, confirmed ?? [], of);

    public GuardReading For(Subject who, SentForm form) => For(who, form.Has("confirm") ? form["rules"].Split(' ') : [], form["of"]);

    /// <summary>What of a sheet is the clinician's. The situation is as a rule the patient's own story, which nobody is warned of.</summary>
    public static string Words(AdviceBody body, string story) => string.Join('\n', new[]
    {
        body.Advice ?? "",
        body.Situation is { Length: > 0 } situation && Plain(situation) != Plain(story) ? situation : null,
        body.Note is { Length: > 0 } note ? note : null,
    }.OfType<string>());

    /// <summary>Which words a confirmation was for, whatever a browser makes of the ends of lines.</summary>
    public static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(text))));

    private static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();
}

/// <summary>The guard for one request: what it found stands here, for the answer that explains the no.</summary>
internal sealed class GuardReading(ReplyGuard guard, LightConsultation policy, bool physician, IReadOnlyCollection<string> confirmed, string? of)
{
    private string text = "";

    public ImmutableArray<GuardFinding> Found { get; private set; } = [];

    public Decision<ImmutableArray<Fact>> Check(Decision<ImmutableArray<Fact>> said, Guid? message, string words)
    {
        text = words;
        return said.Guarded(message, () => Found = guard.Look(words, policy, physician), physician, of is null || of == DeskGuard.Digest(words) ? confirmed : [], guard.Stamp);
    }

    /// <summary>For the page: the words with what was found in them; null where the no has another reason.</summary>
    public GuardShown? Shown(Refusal why) =>
        why is Refusal.ReplyWarned or Refusal.ReplyBlocked ? new(Found, text, why == Refusal.ReplyBlocked) : null;

    /// <summary>For the API: the same, as members of the problem.</summary>
    public IResult Answer(HttpContext http, Decision<Consultation> said)
    {
        if (!said.IsRefused(out var why) || Shown(why) is null)
        {
            return http.Json(said, Stored.Of);
        }

        var t = Lang.Of(http.Request);
        return http.Problem(why, ("warnings", Found.Select(f => new WarningView(f.Rule, f.Quote, f.At, t[f.What.Zh, f.What.En], t[f.Instead.Zh, f.Instead.En], f.Articles)).ToList()));
    }
}

/// <param name="Blocked">Not to be sent by this person at all.</param>
public sealed record GuardShown(ImmutableArray<GuardFinding> Found, string Text, bool Blocked);

/// <param name="At">Where the quote begins in the text that was sent.</param>
internal sealed record WarningView(string Rule, string Quote, int At, string What, string Instead, ImmutableArray<string> Articles);
