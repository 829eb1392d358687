using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests;

public sealed class DialoguesTests
{
    [Theory]
    [InlineData("zh", 26)]
    [InlineData("en", 18)]
    public void Dialogues_are_whole_and_fit_into_a_consultation(string lang, int atLeast)
    {
        var lines = File.ReadAllLines(Checkout.At("tests", "dialogues", $"{lang}.jsonl"));
        Assert.True(lines.Length >= atLeast, $"{lines.Length} dialogues");
        var ids = new HashSet<string>();
        foreach (var line in lines)
        {
            using var read = JsonDocument.Parse(line);
            var dialogue = read.RootElement;
            Assert.Equal(["id", "lang", "group", "description", "intake", "doctor", "turns"], dialogue.EnumerateObject().Select(p => p.Name));
            Assert.True(ids.Add(dialogue.GetProperty("id").GetString()!), line);
            Assert.Equal(lang, dialogue.GetProperty("lang").GetString());
            Assert.InRange(dialogue.GetProperty("description").GetString()!.Length, 1, Intake.StoryLength);
            foreach (var turn in dialogue.GetProperty("turns").EnumerateArray())
            {
                Assert.Contains(turn.GetProperty("role").GetString(), new[] { "patient", "doctor" });
                Assert.InRange(turn.GetProperty("text").GetString()!.Trim().Length, 1, Intake.StoryLength);
            }
        }
    }
}
