using System.Globalization;
using System.Text;
using QRCoder;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// An A4 poster as one SVG: whose it is, for whom, the code to scan and the address to type, danger signs and 120. Both languages stand on it;
/// the reader's first.
/// </summary>
internal static class Poster
{
    private const double Middle = 105;
    private const double QrSide = 100;
    private const double QrTop = 82;
    private const double QrEnd = 188;
    private const int QuietModules = 4;

    /// <param name="address">What the code says, whole.</param>
    public static string Draw(Campaign campaign, string address, Lang t)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var svg = Paper.Sheet("role=\"img\" text-anchor=\"middle\"").Append(CultureInfo.InvariantCulture, $"<title>{Paper.Text(CampaignWords.Say(campaign.Name, t))}</title>");
        var y = 24.0;
        y = Lines(svg, CampaignWords.Say(campaign.Name, t), y, 13, 16, 700);
        y = Lines(svg, CampaignWords.Say(campaign.Name, t.Other), y, 6, 34, 400);
        y = Lines(svg, CampaignWords.Say(campaign.Purpose, t), y + 5, 8, 24, 400);
        y = Lines(svg, CampaignWords.Say(campaign.Purpose, t.Other), y, 4.6, 40, 400);
        // Long words push the code down and make it smaller; it stays large enough to be read from a step away.
        var top = Math.Max(QrTop, y);
        Code(svg, address, top, Math.Min(QrSide, QrEnd - top));
        y = QrEnd + 8;
        y = Lines(svg, t["微信或相机扫一扫，开始问诊", "Scan with your camera to begin"], y, 6.4, 30, 700);
        y = Lines(svg, t.Other["微信或相机扫一扫，开始问诊", "Scan with your camera to begin"], y, 4.4, 50, 400);
        y = Lines(svg, address.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal), y + 1, 5.2, 34, 400);
        y = Lines(svg, $"{t["免费，只给建议，不下诊断、不开药", "Free. Advice only: no diagnosis, no prescription"]} · {CampaignWords.Hours(campaign.Hours, t)}", y + 2, 4.6, 40, 400);
        y = Lines(svg, $"{CampaignWords.Say(campaign.Covers, t)} · {CampaignWords.Say(campaign.Covers, t.Other)}", y, 4.2, 43, 400);
        Danger(svg, Math.Max(y + 1, 240), t);
        Lines(svg, $"{CampaignWords.Say(campaign.Owner, t)}{(campaign.Terms.Filing.Length > 0 ? $" · {t["备案号", "Filing"]} {campaign.Terms.Filing}" : "")}", 284, 4, 44, 400);
        if (campaign.Hotline.Length > 0)
        {
            Lines(svg, $"{t["上不了网，打专线", "No internet: call"]} {campaign.Hotline}", 291, 4.6, 48, 700);
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Danger(StringBuilder svg, double top, Lang t)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"14\" y=\"{top:0.##}\" width=\"182\" height=\"39\" rx=\"3\" fill=\"#fff\" stroke=\"#b3261e\" stroke-width=\"1\"/>");
        var y = Lines(svg, t["有任何一项，不要等，打 120", "Any one of these: do not wait, call 120"], top + 8, 6, 34, 700);
        y = Lines(svg, string.Join(t["；", "; "], CampaignWords.Danger(t).Take(4)), y, 3.8, 43, 400);
        Lines(svg, string.Join(t.Other["；", "; "], CampaignWords.Danger(t.Other).Take(2)), y, 3.4, 48, 400);
    }

    private static void Code(StringBuilder svg, string address, double top, double side)
    {
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.Q);
        var (modules, path) = (data.ModuleMatrix, new StringBuilder());
        for (var row = 0; row < modules.Count; row++)
        {
            for (var column = 0; column < modules.Count; column++)
            {
                if (modules[row][column])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
                }
            }
        }

        // The package's matrix has its quiet zone of four modules with it.
        svg.Append(CultureInfo.InvariantCulture, $"<svg x=\"{Middle - (side / 2):0.##}\" y=\"{top:0.##}\" width=\"{side:0.##}\" height=\"{side:0.##}\" viewBox=\"{QuietModules - 2} {QuietModules - 2} {modules.Count - (2 * (QuietModules - 2))} {modules.Count - (2 * (QuietModules - 2))}\" shape-rendering=\"crispEdges\"><path d=\"{path}\" fill=\"#000\"/></svg>");
    }

    /// <summary>At most three lines, broken where a line is full: a Chinese character is as wide as two Latin ones.</summary>
    /// <param name="wide">Chinese characters that fit into a line.</param>
    /// <returns>Where the next line may stand.</returns>
    private static double Lines(StringBuilder svg, string words, double y, double size, int wide, int weight)
    {
        foreach (var line in Broken(words, wide * 2).Take(3))
        {
            Paper.Write(svg, Middle, y, line, size, $" font-weight=\"{weight}\"");
            y += size * 1.35;
        }

        return y;
    }

    private static IEnumerable<string> Broken(string words, int width)
    {
        var (line, used) = (new StringBuilder(), 0);
        foreach (var word in Pieces(words))
        {
            var wide = word.Sum(c => c < 0x2E80 ? 1 : 2);
            if (used > 0 && used + wide > width)
            {
                yield return line.ToString().Trim();
                (line, used) = (new StringBuilder(), 0);
            }

            line.Append(word);
            used += wide;
        }

        if (line.ToString().Trim() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Latin words whole, Chinese characters each.</summary>
    private static IEnumerable<string> Pieces(string words)
    {
        var piece = new StringBuilder();
        foreach (var letter in words)
        {
            piece.Append(letter);
            if (letter is ' ' or >= (char)0x2E80)
            {
                yield return piece.ToString();
                piece.Clear();
            }
        }

        yield return piece.ToString();
    }
}
