namespace Yizhen.Benchmarks;

/// <summary>What thirty lines of keywords reach on the same cases: the floor that a protocol and a lexicon must be worth more than.</summary>
internal static class KeywordRule
{
    private static readonly (string Disposition, string[] Words)[] First =
    [
        ("emergency", ["呼吸困难", "喘不上气", "昏迷", "抽搐", "胸痛", "嘴唇发紫", "can't breathe", "chest pain", "short of breath", "unconscious"]),
        ("fever_clinic_now", ["38", "39", "高烧", "武汉", "湖北", "确诊", "high fever", "tested positive", "exposed"]),
        ("in_person_visit", ["结节", "咯血", "肺炎", "ct", "一个月", "x-ray", "blood", "month"]),
        ("psychological_support", ["焦虑", "恐慌", "失眠", "panic", "anxious", "anxiety"]),
        ("doctor_consult_online", ["吃什么药", "用药", "报告", "化验", "怀孕", "treatment", "medication", "pregnant"]),
        ("home_observation", ["发烧", "发热", "低烧", "咳", "嗓子", "鼻", "痰", "fever", "cough", "throat", "nose", "headache"]),
    ];

    public static string Of(string text)
    {
        foreach (var (disposition, words) in First)
        {
            if (words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return disposition;
            }
        }

        return "reassurance";
    }
}
