using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Regulation;

/// <summary>The numbers of codes by message, from <c>policies/codes.json</c>. Times in seconds.</summary>
/// <param name="WindowSeconds">Over which the codes per number, device and network are counted.</param>
/// <param name="BreakerWrongTries">Wrong tries of everybody within the breaker's window after which codes get longer.</param>
/// <param name="GatewayFailures">Messages in a row that the gateway did not take, after which none is promised any more.</param>
/// <param name="GatewayRestSeconds">How long it is left alone then, before one message is tried.</param>
public sealed record CodeLimits(
    string Version,
    int Digits,
    int DigitsUnderAttack,
    int ValidForSeconds,
    int Tries,
    int WindowSeconds,
    int PerNumber,
    int PerDevice,
    int PerNetwork,
    int BreakerWindowSeconds,
    int BreakerWrongTries,
    int GatewayFailures,
    int GatewayRestSeconds,
    string TextZh,
    string TextEn)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public TimeSpan ValidFor => TimeSpan.FromSeconds(ValidForSeconds);

    public TimeSpan Window => TimeSpan.FromSeconds(WindowSeconds);

    public TimeSpan BreakerWindow => TimeSpan.FromSeconds(BreakerWindowSeconds);

    public TimeSpan GatewayRest => TimeSpan.FromSeconds(GatewayRestSeconds);

    /// <summary>The message with the code in it.</summary>
    public string Text(string lang, string code) => (lang == "en" ? TextEn : TextZh).Replace("{code}", code, StringComparison.Ordinal);

    /// <exception cref="JsonException">A member is unknown or missing.</exception>
    public static CodeLimits Parse(string json) => JsonSerializer.Deserialize<CodeLimits>(json, Strict) ?? throw new JsonException("The code limits are empty.");
}
