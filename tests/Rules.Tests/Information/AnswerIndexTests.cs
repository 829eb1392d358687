using Yizhen.Rules.Information;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Tests.Triage;

namespace Yizhen.Rules.Tests.Information;

/// <summary>The shipped library, asked as people ask: in two languages, with slips, in dialect, with numbers, and about what it does not cover.</summary>
public sealed class AnswerIndexTests
{
    private static readonly ShippedLibrary Library = ShippedLibrary.Parse(Text("library.json"));
    private static readonly AnswerIndex Index = Of(Library.Entries.Select(e => new Findable(e.Key, [.. Library.Entry(e).Ways])));

    [Theory]
    [InlineData("发烧37度5要不要去医院", "lowfever")]
    [InlineData("发烧三十七度五要不要去医院", "lowfever")]
    [InlineData("我发烧37.5℃，要去医院不", "lowfever")]
    [InlineData("发少37.5怎么办", "lowfever")]
    [InlineData("发骚37度5要不要去医苑", "lowfever")]
    [InlineData("脑壳痛，咋整", "aches")]
    [InlineData("克嗽几天了点算", "cough")]
    [InlineData("娃儿发烧38度5咋个办", "childfever")]
    [InlineData("喘不赢，胸门", "breath")]
    [InlineData("系咪得了新官肺炎", "infected")]
    [InlineData("fashao 37度5 yao bu yao qu yiyuan", "lowfever")]
    [InlineData("细伢发烧38度8", "childfever")]
    [InlineData("屋里老人咳得很，喉咙管疼", "throat")]
    [InlineData("口照湿了还能用吗", "maskreuse")]
    [InlineData("从武汉回来14天要做什么", "returned")]
    [InlineData("高血压药快吃完了，去哪里开", "chronic")]
    [InlineData("猫会不会传染", "pets")]
    [InlineData("怀孕了能吃感冒药吗", "pregnancy")]
    [InlineData("很害怕，睡不着觉", "anxiety")]
    [InlineData("How long must I self-quarantine?", "isolation")]
    [InlineData("Do I need a teest for covid?", "test")]
    [InlineData("My daughtr has a fever", "childfever")]
    [InlineData("Is 37.5 a fevr?", "lowfever")]
    [InlineData("I have a fever of 102.2 F", "highfever")]
    [InlineData("Can I use a mask again?", "maskreuse")]
    public void Question_finds_its_entry_among_the_first_three(string asked, string about)
    {
        var found = Index.Ask(asked);
        Assert.False(found.Silent);
        Assert.Contains(about, found.Answers.Take(3).Select(About));
    }

    [Theory]
    [InlineData("今天股票怎么样")]
    [InlineData("我的车坏了")]
    [InlineData("What is the capital of France?")]
    [InlineData("Suggest treatment for a broken arm")]
    [InlineData("帮我写一首诗")]
    [InlineData("")]
    [InlineData("？？")]
    public void What_it_does_not_cover_is_met_with_silence(string asked)
    {
        var found = Index.Ask(asked);
        Assert.True(found.Silent, string.Join(' ', found.Answers.Select(a => $"{About(a)}:{a.Score}")));
        Assert.Empty(found.Answers);
    }

    [Fact]
    public void Words_of_danger_are_heard_beside_any_answer()
    {
        Assert.NotEmpty(Index.Ask("发烧，喘不上气，嘴唇发紫，要不要去医院").RedFlags);
        Assert.Contains(Index.Ask("我不想活了").RedFlags, d => d.Crisis);
        Assert.Empty(Index.Ask("发烧37度5要不要去医院").RedFlags);
    }

    [Fact]
    public void Every_entry_is_found_by_its_own_question_in_both_languages() =>
        Assert.Empty(Library.Entries.SelectMany(e => new[] { e.Question.Zh, e.Question.En }.Where(q => Index.Ask(q).Answers.Take(3).All(a => a.Entry != e.Key)).Select(q => $"{e.About}: {q}")));

    [Fact]
    public void Order_of_the_entries_does_not_change_what_is_found()
    {
        var backwards = Of(Library.Entries.Reverse().Select(e => new Findable(e.Key, [.. Library.Entry(e).Ways])));
        Assert.All(Library.Entries.SelectMany(e => e.Asked.Zh.Concat(e.Asked.En)), q => Assert.Equal(Index.Ask(q).Answers.ToList(), backwards.Ask(q).Answers.ToList()));
    }

    [Fact]
    public void Shipped_entry_has_a_source_with_a_date_and_is_marked_as_not_reviewed()
    {
        Assert.InRange(Library.Entries.Length, 40, 60);
        Assert.Equal(LibraryEntry.MostTypical, Library.Typical.Length);
        Assert.All(Library.Entries, e => Assert.Null(e.ReviewedBy));
        Assert.All(Library.Entries, e => Assert.Contains(e.Source.Grade, (string[])["T", "S", "M", "D"]));
        Assert.All(Library.Entries, e => Assert.InRange(e.Source.Date, new DateOnly(2018, 1, 1), new DateOnly(2020, 1, 31)));
    }

    [Fact]
    public void Entry_without_a_language_a_source_or_a_date_is_refused()
    {
        var whole = Library.Entry(Library.Entries[0]);
        Assert.True(whole.Check().Is(out _, out _));
        Assert.Equal(Refusal.EntryIncomplete, Why(whole with { Answer = new("有", " ") }));
        Assert.Equal(Refusal.EntryIncomplete, Why(whole with { Source = whole.Source with { En = "" } }));
        Assert.Equal(Refusal.EntryDates, Why(whole with { ValidUntil = whole.ValidFrom.AddDays(-1) }));
        Assert.Equal(Refusal.TextTooLong, Why(whole with { Asked = new([new('长', LibraryEntry.QuestionLength + 1)], []) }));
    }

    private static Refusal Why(LibraryEntry entry) => entry.Check().IsRefused(out var why) ? why : throw new InvalidOperationException("It was taken.");

    private static string About(Scored answer) => Library.Entries.Single(e => e.Key == answer.Entry).About;

    private static AnswerIndex Of(IEnumerable<Findable> entries) => new([.. entries], SearchWords.Parse(Text("library-words.json")), Pinyin.Parse(Text("pinyin.json")), Packs.Lexicon);

    private static string Text(string file) => Shipped.Read(file);
}
