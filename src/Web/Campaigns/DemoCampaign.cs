using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>The demo's story: a Wuhan campaign of 26 January 2020, three hospitals in three provinces, fifteen clinicians. All of it is invented.</summary>
internal static class DemoCampaign
{
    public const string Slug = "wuhan";
    public const string Password = "yizhen-demo";

    private static readonly Lazy<string> PasswordHash = new(() => Staff.Hashed(Password));

    private const string EverySkill = "general,fever,psych,pediatrics,obstetrics,tcm,chronic";

    private static readonly (string Zh, string En, string Province)[] Hospitals =
        [("示例市第一医院", "Example City First Hospital", "42"), ("样板省人民医院", "Sample Provincial Hospital", "33"), ("范例大学附属医院", "Model University Hospital", "44")];

    private static readonly (string Name, string Title, int Hospital, Role Role, string Skills, string Langs)[] Clinicians =
    [
        ("王安", "主治医师 呼吸内科", 0, Role.Physician, "general,fever,chronic", "zh,wuhan,en"),
        ("李宁", "主任医师 感染科", 0, Role.Physician, "general,fever", "zh,wuhan"),
        ("周敏", "主治医师 急诊", 0, Role.Physician, EverySkill, "zh,wuhan,en"),
        ("陈思", "主治医师 全科", 1, Role.Physician, "general,fever,chronic", "zh,wu,en"),
        ("林远", "副主任医师 呼吸内科", 1, Role.Physician, "general,fever,chronic", "zh,wu"),
        ("赵云", "主治医师 儿科", 1, Role.Physician, "general,pediatrics,fever", "zh,en"),
        ("孙静", "主治医师 妇产科", 1, Role.Physician, "general,obstetrics", "zh"),
        ("何文", "医师 全科", 2, Role.Physician, "general,fever", "zh,yue,en"),
        ("吴双", "主任医师 中医科", 2, Role.Physician, "general,tcm,chronic", "zh,yue"),
        ("郑岚", "主治医师 精神科", 2, Role.Physician, "general,psych", "zh,en"),
        ("冯一", "主治医师 心内科", 2, Role.Physician, "general,chronic", "zh,yue,en"),
        ("褚青", "医师 全科", 0, Role.Physician, "general,fever", "zh,wuhan"),
        ("卫东", "主治医师 感染科", 1, Role.Physician, "general,fever", "zh,en"),
        ("蒋蓉", "心理咨询师", 2, Role.Counsellor, "psych", "zh,en"),
        ("沈溪", "副主任医师 全科", 2, Role.Physician, EverySkill, "zh,yue,en"),
    ];

    /// <summary>One for each hospital: each sets what its own hospital lends.</summary>
    private static readonly string[] Operators = ["值班 方主任", "值班 秦主任", "值班 尤主任"];

    /// <summary>Once, on an empty demo; returns the sign-ins to print.</summary>
    /// <param name="drill">Its campaign says in its name that it is a drill.</param>
    public static async Task<IReadOnlyList<string>> Seed(IServiceProvider services, DateTimeOffset now, bool drill = false)
    {
        if (!await IsSeeded(services.GetRequiredService<IEngine>()))
        {
            var staff = services.GetRequiredService<Staff>();
            var shelf = services.GetRequiredService<CampaignShelf>();
            await using var database = await services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
            var houses = Hospitals.Select((h, n) => new OrganisationRow { Id = Guid.CreateVersion7(now), NameZh = h.Zh, NameEn = h.En, Province = h.Province, CreatedAt = now.Ms() + n }).ToList();
            database.AddRange(houses);
            for (var n = 0; n < Clinicians.Length; n++)
            {
                var c = Clinicians[n];
                var row = staff.New(Guid.CreateVersion7(now), $"doctor{n + 1}", c.Name, c.Title, Phone(n + 1), PasswordHash.Value, new Post(houses[c.Hospital].Id, c.Role, c.Skills, c.Langs, "*"), Vault.NewKey(), now);
                (row.Registration, row.RegistrationCheckedAt) = ($"DEMO-{n + 1:00000}", now.Ms());
                database.Add(row);
            }

            for (var n = 0; n < Operators.Length; n++)
            {
                database.Add(staff.New(Guid.CreateVersion7(now), n == 0 ? "operator" : $"operator{n + 1}", Operators[n], "", Phone(n == 0 ? 0 : 100 + n), PasswordHash.Value, new Post(houses[n].Id, Role.Operator, "", "zh,en", "*"), Vault.NewKey(), now));
            }

            await database.SaveChangesAsync();
            var campaign = Campaign(houses[0].Id);
            await shelf.Create(drill ? Anywhere(campaign) : campaign, "system", now);
            await shelf.Change(Slug, "system", "opened", now, c => c.Open(rehearsal: true));
        }

        return [$"operator / {Password}  (operator of {Hospitals[0].Zh})", $"operator2, operator3 / {Password}  (operators of the two hospitals that help)", .. Clinicians.Select((c, n) => $"doctor{n + 1} / {Password}  ({c.Name}, {c.Title})")];
    }

    /// <summary>Who comes in a drill comes as its day says, from wherever that is.</summary>
    private static Campaign Anywhere(Campaign campaign) => campaign with
    {
        Name = new BothWays($"演练 · {campaign.Name.Zh}", $"DRILL · {campaign.Name.En}"), Covers = new BothWays("来自任何地方的人", "People wherever they are"), Regions = [],
    };

    /// <summary>Asked at every start, and so without the mapper, which is still being made then.</summary>
    private static async Task<bool> IsSeeded(IEngine engine)
    {
        await using var connection = await engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "select 1 from organisation";
        return await command.ExecuteScalarAsync() is not null;
    }

    private static PhoneNumber Phone(int n) => PhoneNumber.Read($"1380000{n:0000}").Value;

    private static Campaign Campaign(Guid owner) => new(
        Slug,
        owner,
        new BothWays("武汉发热义诊", "Wuhan fever consultations"),
        new BothWays("示例市卫生健康委员会主办，三家医院的 15 位医务人员接诊", "Run by the Example City Health Commission, with 15 clinicians of three hospitals"),
        new BothWays("发热、咳嗽，先在家问医生", "Fever or cough: ask a doctor from home first"),
        new BothWays("现在在湖北的人，可以替家人问", "People who are in Hubei now; you may ask for your family"),
        ["420000"],
        new Hours(TimeOnly.MinValue, TimeOnly.MinValue),
        "027-0000 0000",
        ["120", "12356"],
        new DateOnly(2020, 1, 26),
        CampaignState.Draft);
}
