using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Campaigns;

namespace Yizhen.Web.Tests.Directories;

/// <summary>An operator with a file in hand.</summary>
internal static partial class Lists
{
    public const string Here = "/staff/hospitals";

    public const string Wuhan = """
        name,kind,district_code,address,phone,hours,own_district_from,own_district_until,publisher,published
        甲医院,fever_clinic,420102,解放路 1 号,027-0000 0001,24小时,2020-01-25,,武汉市卫健委,2020-01-25
        乙医院,designated,420103,,027-0000 0002;027-0000 0003,,,,武汉市卫健委,2020-01-25
        丙医院,hospital,420102,人民路 2 号,,8:00-17:00,,,武汉市卫健委,2020-01-25
        """;

    /// <summary>Sends a file as the page does.</summary>
    public static async Task<(HttpStatusCode Status, string? Location, string Page)> BringAsync(this Operator staff, string csv, string how = "replace", string directory = "hospitals")
    {
        var token = WebUtility.HtmlDecode(Token().Match(await staff.ReadAsync(Here)).Groups[1].Value);
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var body = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(directory), "directory" }, { new StringContent(how), "how" }, { new StringContent(""), "publisher" }, { new StringContent(""), "published" }, { file, "file", "list.csv" },
        };
        using var answer = await staff.Browser.PostAsync(new Uri($"{Here}/lists", UriKind.Relative), body);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Brings a list, looks at it and takes it; returns its address.</summary>
    public static async Task<string> TakeAsync(this Operator staff, string csv, string how = "replace", string directory = "hospitals")
    {
        var (status, look, page) = await staff.BringAsync(csv, how, directory);
        Assert.True(status == HttpStatusCode.SeeOther && look is not null, page);
        Assert.Equal(Here, (await staff.SendAsync(look, look)).Location);
        return look;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
