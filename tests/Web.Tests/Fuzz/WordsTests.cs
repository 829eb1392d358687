using System.Net;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>Strange words that are a good story are kept as they were written, and stand on every later page as words.</summary>
public sealed class WordsTests
{
    [Theory, OnBothDatabases]
    public async Task Strange_words_are_read_back_as_they_were_written(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var doctor = await Caller.DoctorAsync(site, seats: 20);
        foreach (var malice in Malice.Texts.Where(m => m is { Text: { } text } && text.Trim() is { Length: > 0 and <= 4000 } && text.Length == text.Trim().Length && !text.Contains('\0', StringComparison.Ordinal)).Take(18))
        {
            var text = malice.Text ?? "";
            using var patient = await Caller.PatientAsync(site, text);
            await patient.InQueueAsync();
            await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.NewGuid()}", new MessageBody(text));
            var given = await doctor.Given(patient.Id);
            await doctor.Put<Stored>($"/api/v1/consultations/{patient.Id}/replies/{Guid.NewGuid()}", new ReplyBody(text, given.Epoch));
            using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
            await SayAsync(person, patient.Id, text);
            var end = await patient.Look();
            Assert.Equal(text, end.Story);
            Assert.Equal(4, end.Lines.Count(l => l.By != "system" && l.Text.ReplaceLineEndings("\n") == text.ReplaceLineEndings("\n")));

            foreach (var page in new[] { "talk", "close", "outcome", "story" })
            {
                Assert.Null(Verdict.On(person, "/", await person.GetAsync($"/q/{patient.Id}/{page}")));
            }

            var talk = await person.GetAsync($"/q/{patient.Id}/talk");
            Assert.Contains(Plain(text), Plain(WebUtility.HtmlDecode(talk.Body)), StringComparison.Ordinal);
            using var desk = await Person.AtAsync(site, "doctor", doctor.Token, "en", []);
            Assert.Null(Verdict.On(desk, "/", await desk.GetAsync($"/staff/desk?c={patient.Id}")));
        }

        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static async Task SayAsync(Person person, string id, string text)
    {
        var form = Form.On((await person.GetAsync($"/q/{id}/talk")).Body).First(f => f.Multipart);
        using var body = new FormUrlEncodedContent(form.Filled().Where(f => f.Key != "text").Append(KeyValuePair.Create("text", text)).Append(KeyValuePair.Create(Form.TokenName, person.FormToken)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(form.Action, UriKind.Relative)) { Content = body };
        Assert.Equal(303, (await person.SendAsync(request)).Status);
    }

    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
