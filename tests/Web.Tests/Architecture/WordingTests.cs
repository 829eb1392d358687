using System.Reflection;
using Yizhen.Rules;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>Whatever we refuse, we say it in both languages and with a status.</summary>
public sealed class WordingTests
{
    private static readonly Refusal[] All = Enum.GetValues<Refusal>();

    [Fact]
    public void Refusal_is_worded_in_chinese_and_english() =>
        Law.Holds(
            from refusal in All
            let words = ((string Zh, string En))Ask("Words", refusal)
            where !words.Zh.Any(IsChinese) || words.En.Any(IsChinese) || !words.En.Any(char.IsAsciiLetter) || words.En == refusal.ToString()
            select $"{refusal} is not worded in both languages: '{words.Zh}', '{words.En}'.");

    [Fact]
    public void Refusal_has_a_status() =>
        Law.Holds(
            from refusal in All
            let status = (int)Ask("Status", refusal)
            where status is < 400 or > 503
            select $"{refusal} has the status {status}: a no is 4xx or 503.");

    private static bool IsChinese(char letter) => letter is >= '\u4e00' and <= '\u9fff';

    /// <summary>By name: the page's types are its own.</summary>
    private static object Ask(string method, Refusal refusal)
    {
        var words = Assembly.Load("Yizhen.Web").GetType("Yizhen.Web.Page.RefusalWords");
        Assert.True(words is not null, "There is no Yizhen.Web.Page.RefusalWords: every refusal needs words and a status.");
        var found = words.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Refusal)]);
        Assert.True(found is not null, $"RefusalWords has no static {method}(Refusal).");
        return found.Invoke(null, [refusal]) ?? throw new InvalidOperationException($"{method} said nothing about {refusal}.");
    }
}
