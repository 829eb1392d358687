using Microsoft.EntityFrameworkCore;
using QRCoder;
using Yizhen.Rules;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <param name="Secret">To be typed into an app; null where an app is set up already.</param>
/// <param name="Picture">The same as an SVG.</param>
public sealed record AuthenticatorModel(string Me, string? Secret, string? Picture, string? Wrong);

/// <summary>A clinician's or an operator's own authenticator app, instead of codes by message.</summary>
internal sealed class OwnSecondFactor(IDbContextFactory<Database> databases, Vault vault, TimeProvider clock)
{
    public const string Address = "/staff/authenticator";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Address, (OwnSecondFactor own, HttpContext http, CancellationToken ct) => own.Show(http, ct)).Allow(Resource.SecondFactor, Act.Read);
        app.MapPost(Address, (OwnSecondFactor own, HttpContext http) => own.Change(http)).Allow(Resource.SecondFactor, Act.Change);
    }

    private async Task<IResult> Show(HttpContext http, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await Row(database, http).FirstAsync(ct);
        return http.Page<AuthenticatorPage>(row.TotpSealed is null ? Offer(row, Totp.NewSecret(), null) : new AuthenticatorModel(row.Name, null, null, null));
    }

    /// <summary>Kept only after the app has shown a right code; given up by a press.</summary>
    private async Task<IResult> Change(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        await using var database = await databases.CreateDbContextAsync();
        var row = await Row(database, http).FirstAsync();
        if (!form.Trusted)
        {
            return new SeeOther(Address);
        }

        if (form["remove"] == "yes")
        {
            (row.TotpSealed, row.TotpStep) = (null, null);
            await database.SaveChangesAsync();
            return new SeeOther(Address);
        }

        if (Totp.Read(form["secret"]) is not { } secret)
        {
            return new SeeOther(Address);
        }

        if (Totp.Step(secret, form["code"], clock.GetUtcNow(), null) is not { } step)
        {
            var (zh, en) = RefusalWords.Words(Refusal.AuthenticatorCodeWrong);
            return http.Page<AuthenticatorPage>(Offer(row, secret, Lang.Of(http.Request)[zh, en]), status: StatusCodes.Status400BadRequest);
        }

        (row.TotpSealed, row.TotpStep) = (Vault.Seal(vault.Unwrap(row.Wrapped, row.Id), secret, row.Id, 1), step);
        await database.SaveChangesAsync();
        return new SeeOther(Address);
    }

    private static AuthenticatorModel Offer(StaffRow row, byte[] secret, string? wrong) => new(row.Name, Totp.Written(secret), Picture(secret, row.Login), wrong);

    /// <summary>For an app to scan, as SVG.</summary>
    public static string Picture(byte[] secret, string login)
    {
        using var data = QRCodeGenerator.GenerateQrCode(Totp.Link(secret, login), QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return picture.GetGraphic(4, "#000000", "#ffffff", sizingMode: SvgQRCode.SizingMode.WidthHeightAttribute);
    }

    private static IQueryable<StaffRow> Row(Database database, HttpContext http)
    {
        var me = http.Subject().Account;
        return database.Set<StaffRow>().Where(s => s.Id == me);
    }
}
