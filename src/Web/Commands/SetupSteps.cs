using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>What setup has done, for people and for machines.</summary>
/// <param name="Join">One-time link of the first operator; null where an operator is there already.</param>
/// <param name="Serve">The command that serves it, as the unit has it.</param>
/// <param name="TestMessage">sent, failed or not_asked.</param>
/// <param name="Missing">What must still be done before the first patient.</param>
/// <param name="Remember">What nobody but you can do.</param>
internal sealed record SetupDone(
    string Kind, string Database, string State, string Key, bool KeyMade, string? AuthorityKey, bool AuthorityMade, int Signed,
    string? Join, string TestMessage, string Serve, string Unit, string Cron, IReadOnlyList<string> Missing, IReadOnlyList<string> Remember);

/// <summary>The steps of setup, each of which may be run again: what is there is kept, what is missing is made.</summary>
internal static class SetupSteps
{
    public const string DefaultZone = "Asia/Shanghai";

    /// <exception cref="StorageException">One sentence about what cannot be done; nothing after it was begun.</exception>
    public static async Task<SetupDone> RunAsync(SetupAnswers told, DateTimeOffset now, CancellationToken ct)
    {
        var key = Path.GetFullPath(told.Key ?? throw new StorageException("Say where the deployment key shall lie: --key FILE, outside the data folder."));
        var place = Place.From(told.Data, told.Database, key, told.State);
        var zone = told.Zone ?? DefaultZone;
        SetupChecks.All(told, place, key, zone);
        var keyMade = SetupKeys.MakeKey(key);
        foreach (var needed in new[] { place.DataFolder, place.Folder }.OfType<string>())
        {
            SetupKeys.Write(needed, () => SetupKeys.Private(needed));
        }

        var deployment = await Deployment.OpenAsync(place, DeploymentKind.Real, make: true, zone, now, ct);
        var settings = Said(told);
        await settings.KeepAsync(deployment, now, ct);
        var (authority, authorityMade) = await SetupKeys.MakeAuthorityAsync(deployment, told, ct);
        var signed = told.SignShipped == true ? SetupKeys.Sign(deployment, told.AuthorityKey) : 0;
        var kept = await Settings.ReadAsync(deployment, ct);
        var organisation = await OrganisationAsync(deployment, told, now, ct);
        var join = organisation is { } house ? await InviteAsync(deployment, house, kept.BaseUrl, now, ct) : null;
        var test = await TestAsync(told.TestNumber, kept.Gateway, ct);
        var unit = Path.Combine(place.Folder, "yizhen.service");
        var cron = Path.Combine(place.Folder, "yizhen-backup.cron");
        await File.WriteAllTextAsync(unit, SetupTexts.Unit(place, key, told.User ?? "yizhen", kept), ct);
        await File.WriteAllTextAsync(cron, SetupTexts.Cron(place, key, told.User ?? "yizhen"), ct);
        List<string> missing = [.. SetupTexts.Missing(kept, organisation is not null, SetupKeys.Unsigned(deployment, authority), test), .. SetupTexts.Owed(kept, RetentionPolicy.Read(File.ReadAllText(Path.Combine(SignedPolicies.Of(place), SignedPolicies.Retention))).NetworkLogDays)];
        return new SetupDone(
            Deployment.Code(deployment.Kind), place.DataFolder is { } folder ? Path.Combine(folder, Place.DatabaseFile) : deployment.Engine.Name, place.Folder, key, keyMade,
            authorityMade ? Path.GetFullPath(told.AuthorityKey ?? "") : null, authorityMade, signed, join, test, SetupTexts.Serve(place, key, kept), unit, cron, missing, SetupTexts.Remember(place, key, told.User ?? "yizhen", authorityMade ? told.AuthorityKey : null, kept));
    }

    private static Settings Said(SetupAnswers told) => new(
        told.BaseUrl?.TrimEnd('/'),
        told.Messages is { } file ? File.ReadAllText(file) : null,
        told.Standby is { } number ? PhoneNumber.Read(number).Value.E164 : null,
        told.TlsCertificate is { } certificate ? Path.GetFullPath(certificate) : null,
        told.TlsKey is { } key ? Path.GetFullPath(key) : null,
        told.Proxy,
        told.ImpactAssessment,
        told.NetworkLogDays?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static async Task<Guid?> OrganisationAsync(Deployment deployment, SetupAnswers told, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = Settings.Open(deployment.Engine);
        if (await database.Set<OrganisationRow>().AsNoTracking().OrderBy(o => o.CreatedAt).FirstOrDefaultAsync(ct) is { } known)
        {
            return known.Id;
        }

        if (told is not { OrganisationZh: { } zh, OrganisationEn: { } en })
        {
            return null;
        }

        var row = new OrganisationRow { Id = Guid.CreateVersion7(now), NameZh = zh, NameEn = en, Province = told.Province ?? "", CreatedAt = now.Ms() };
        database.Add(row);
        await database.SaveChangesAsync(ct);
        return row.Id;
    }

    /// <summary>Only while there is no operator. An older link that nobody has used stays good until its time is over.</summary>
    private static async Task<string?> InviteAsync(Deployment deployment, Guid organisation, string? baseUrl, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = Settings.Open(deployment.Engine);
        var role = nameof(Role.Operator);
        if (await database.Set<StaffRow>().AnyAsync(s => s.Role == role && s.Active, ct))
        {
            return null;
        }

        var (row, token) = InviteStaff.NewInvitation(new Post(organisation, Role.Operator, "", "zh,en", "*"), null, now);
        database.Add(row);
        await database.SaveChangesAsync(ct);
        return $"{baseUrl ?? "http://localhost:8080"}/staff/join/{token}";
    }

    private static async Task<string> TestAsync(string? number, string? gateway, CancellationToken ct)
    {
        if (number is null || gateway is null)
        {
            return "not_asked";
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            await new HttpGateway(client, GatewaySettings.Read(gateway)).SendAsync(PhoneNumber.Read(number).Value.E164, "【义诊】测试短信：网关可以用。 Yizhen: the gateway works.", ct);
            return "sent";
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return "failed";
        }
    }
}
