using System.Globalization;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Directories;

/// <summary>
/// Reads one line of a list, cell by cell. Beside the names of our own table those of the lists of 2020 are understood, so that a published table need not be made over first.
/// </summary>
public sealed class ListLine(int line, Func<string, string?> cell, ListDefaults defaults, Places places, Func<string, Guid> keyOf)
{
    private const int LongestName = 120;
    private const int LongestText = 400;
    private const int Shown = 40;

    private readonly List<FaultyLine> faults = [];

    public IReadOnlyList<FaultyLine> Faults => faults;

    /// <returns>Null where something is wrong; <see cref="Faults"/> says what.</returns>
    public Hospital? Hospital()
    {
        var (name, place) = (Name("name"), Place());
        var kind = KindOf(First("kind"), First("designated_hospital"));
        var (from, until) = (Day(First("own_district_from")), Day(First("own_district_until")));
        if (until is not null && !(from <= until))
        {
            Fault(ListFault.DatesSwapped, First("own_district_until"));
        }

        var (publisher, published) = (Publisher(), Day(First("published")) ?? defaults.Published);
        var (address, phone, hours) = (Text("address"), Phone(), Text("hours"));
        return faults.Count == 0 && kind is { } known && place is { } district
            ? new Hospital(keyOf($"{name}\n{district}"), known, name, district, address, phone, hours, from, until, publisher, published)
            : null;
    }

    /// <returns>Null where something is wrong.</returns>
    public AdviceElsewhere? Service()
    {
        var name = Name("name", "organisation");
        var kind = First("kind") is { Length: > 0 } said ? said : "other";
        if (!AdviceElsewhere.Kinds.Contains(kind))
        {
            Fault(ListFault.KindUnknown, kind);
        }

        var region = First("region", "region_code") is { Length: > 0 } code ? code : null;
        if (region is not null && places.Find(region) is null)
        {
            Fault(ListFault.PlaceUnknown, region);
        }

        var (phone, address, note, publisher, published) = (Phone(), Text("url"), Text("note"), Publisher(), Day(First("published")) ?? defaults.Published);
        return faults.Count == 0 ? new AdviceElsewhere(keyOf($"{name}\n{kind}"), name, kind, region, phone, address, note, publisher, published) : null;
    }

    private string Name(params string[] columns)
    {
        var name = First(columns);
        if (name.Length == 0)
        {
            Fault(ListFault.NameMissing, "");
        }
        else if (name.Length > LongestName)
        {
            Fault(ListFault.TooLong, name);
        }

        return name;
    }

    private string Text(params string[] columns)
    {
        var text = First(columns);
        if (text.Length > LongestText)
        {
            Fault(ListFault.TooLong, text);
        }

        return text;
    }

    private string Phone()
    {
        var phone = First("phone", "tel", "landline");
        if (phone.Length > 0 && !phone.Any(char.IsAsciiDigit))
        {
            Fault(ListFault.PhoneUnreadable, phone);
        }
        else if (phone.Length > LongestText)
        {
            Fault(ListFault.TooLong, phone);
        }

        return phone;
    }

    private string Publisher()
    {
        var publisher = First("publisher") is { Length: > 0 } named ? named : defaults.Publisher ?? "";
        if (publisher.Length is 0 or > LongestName)
        {
            Fault(publisher.Length == 0 ? ListFault.PublisherMissing : ListFault.TooLong, publisher);
        }

        return publisher;
    }

    private HospitalKind? KindOf(string kind, string designated)
    {
        HospitalKind? known = kind switch
        {
            "fever_clinic" or "发热门诊" => HospitalKind.FeverClinic,
            "designated" or "designated_hospital" or "定点医院" => HospitalKind.Designated,
            "hospital" or "医院" => HospitalKind.Hospital,
            // The lists of fever clinics say which of them are designated, and have no other kind.
            "" when designated.Length > 0 => designated == "yes" ? HospitalKind.Designated : HospitalKind.FeverClinic,
            "" => HospitalKind.Hospital,
            _ => null,
        };
        if (known is null)
        {
            Fault(ListFault.KindUnknown, kind);
        }

        return known;
    }

    /// <summary>By code, else by the names of district and city; the nearest that the line says.</summary>
    private string? Place()
    {
        var code = First("district_code", "city_code", "province_code");
        var (district, city) = (First("district"), First("city"));
        if (district.Length + city.Length > 0 && First("district_code", "city_code").Length == 0)
        {
            var named = district == city ? city : city + district;
            var meant = places.Resolve(named, 1).Place ?? places.Resolve(city, 1).Place;
            if (meant is not null && (code.Length == 0 || Places.Holds(code, meant.Code)))
            {
                return meant.Code;
            }
        }

        if (places.Find(code) is { } found)
        {
            return found.Code;
        }

        Fault(ListFault.PlaceUnknown, code.Length > 0 ? code : city + district);
        return null;
    }

    private DateOnly? Day(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        Fault(ListFault.DateUnreadable, text);
        return null;
    }

    private string First(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            if (cell(column)?.Trim() is { Length: > 0 } found)
            {
                return found.Replace("\0", "", StringComparison.Ordinal);
            }
        }

        return "";
    }

    private void Fault(ListFault fault, string what) => faults.Add(new(line, fault, what.Length > Shown ? what[..Shown] : what));
}
