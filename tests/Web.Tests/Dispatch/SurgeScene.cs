using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>People at the door on a day on which many come.</summary>
internal static class SurgeScene
{
    /// <summary>Well, and asks all the same: urgency 5.</summary>
    public const string Question = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=36.6;temperature_site=axilla;symptoms=none;breathless=none;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    /// <summary>Fever with breathlessness on stairs in Wuhan: not to be asked to come back later.</summary>
    public const string Fever = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    public static async Task<Caller> AskAsync(TestSite site, string answers = Question) => await (await Caller.PatientAsync(site, "想问问药怎么吃", answers: answers)).InQueueAsync();

    /// <summary>The operator with a token for the JSON door.</summary>
    public static async Task<Caller> OperatorAsync(TestSite site, string login = "operator")
    {
        var now = site.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        var caller = new Caller(site);
        caller.Holds(await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, now));
        return caller;
    }

    /// <summary>A level, as the operator sets it.</summary>
    public static async Task SetAsync(TestSite site, int level)
    {
        using var staff = await OperatorAsync(site);
        var now = await staff.Get<SurgePicture>("/api/v1/surge");
        await staff.Post<SurgeStep>("/api/v1/surge", new SurgeBody(now.Level, level, "早上六点半，来得比接得快"));
    }

    /// <summary>Waits until the person is offered a dated answer; the clock goes past what the policy lets people wait.</summary>
    public static async Task<ConsultationView> OfferedAsync(Caller person, TestClock clock)
    {
        clock.Advance(TimeSpan.FromSeconds(91));
        return await person.Until(c => c.Offer is not null);
    }

    /// <summary>Dispatch has looked at everybody once more: what it has not done by now it does not do.</summary>
    public static async Task TurnedAsync(TestSite site, TestClock clock)
    {
        var beats = site.Services.GetRequiredService<Heartbeats>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var turn = 0; turn < 2; turn++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            var asked = clock.GetUtcNow();
            while (!beats.Loops.TryGetValue(nameof(DispatchLoop), out var beat) || beat.LastTurn < asked)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    public static Task<ConsultationView> AnswerAsync(this Caller person, string answer) => person.Post<ConsultationView>($"{person.Consultation}/offer", new OfferBody(answer));

    public static Surges Surges(this TestSite site) => site.Services.GetRequiredService<Surges>();
}
