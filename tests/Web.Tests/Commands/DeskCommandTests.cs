using System.Text.Json;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>What the information desk did, from the command line: whom it answered and who came back, and how often it is right on labelled questions.</summary>
public sealed class DeskCommandTests
{
    [Theory, OnBothDatabases]
    public async Task Whom_the_desk_answered_is_counted_and_few_are_withheld(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        string[] where = ["--state", database.Folder, .. database.Arguments];
        await using (var site = await TestSite.StartAsync(database))
        {
            await SurgeScene.SetAsync(site, 1);
            using var person = Operator.Nobody(site);
            var desk = (await person.SendAsync("/c/wuhan", "/c/wuhan/start")).Location ?? "";
            await person.SendAsync(desk, desk);
            await person.SendAsync("/c/wuhan", "/c/wuhan/start");
        }

        var (code, said, _) = await Product.EndAsync(["desk", "--json", .. where]);
        var figures = JsonSerializer.Deserialize<JsonElement>(said);
        Assert.Equal((0, 1, 0, 72), (code, figures.GetProperty("answered").GetInt32(), figures.GetProperty("still_open").GetInt32(), figures.GetProperty("hours").GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (figures.GetProperty("came_back").ValueKind, figures.GetProperty("worse").ValueKind));
        Assert.Contains("withheld", (await Product.EndAsync(["desk", .. where])).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labelled_questions_are_answered_with_how_often_that_was_right()
    {
        var folder = Directory.CreateTempSubdirectory("yizhen-answer-").FullName;
        try
        {
            var (asked, labels, results) = (Path.Combine(folder, "asked.jsonl"), Path.Combine(folder, "labels.jsonl"), Path.Combine(folder, "results.jsonl"));
            await File.WriteAllTextAsync(asked, """
                {"id": "1", "lang": "zh", "text": "发烧37度5要不要去医院"}
                {"id": "2", "lang": "en", "text": "Can my cat give it to me?"}
                {"id": "3", "lang": "zh", "text": "今天股票怎么样"}
                """);
            await File.WriteAllTextAsync(labels, "{\"id\": \"1\", \"entries\": [\"a02\"]}\n{\"id\": \"2\", \"entries\": [\"a27\"]}\n{\"id\": \"3\", \"entries\": []}\n");
            var (code, said, _) = await Product.EndAsync(["answer", "--in", asked, "--out", results, "--labels", labels, "--json"]);
            var all = JsonSerializer.Deserialize<JsonElement>(said).GetProperty("labelled").EnumerateArray().Last();
            Assert.Equal([0, 2, 2, 1, 1], new[] { code, all.GetProperty("covered").GetInt32(), all.GetProperty("right").GetInt32(), all.GetProperty("uncovered").GetInt32(), all.GetProperty("silent").GetInt32() });
            Assert.Contains("right among the first three 2/2 = 100 %", (await Product.EndAsync(["answer", "--in", asked, "--out", results, "--labels", labels])).Said, StringComparison.Ordinal);
            await File.WriteAllTextAsync(labels, "{\"no\": 1}\n");
            Assert.Equal(2, (await Product.EndAsync(["answer", "--in", asked, "--out", results, "--labels", labels])).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
