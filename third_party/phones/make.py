"""Makes src/Web/Campaigns/Content/mobile-prefixes.txt: which region a mobile number of mainland China was first sold in.

    PYTHONPATH=DIR python3 third_party/phones/make.py

DIR holds the package `phonenumbers` (its geodata is the geocoding data of Google's libphonenumber, Apache-2.0; Debian's python3-phonenumbers carries it:
`apt-get download python3-phonenumbers`, `dpkg-deb -x`). Output, one line a region of regions.csv: its code, then spans of the seven digits after +86,
each as the distance from the end of the one before, and after a plus how many more numbers follow. Names that regions.csv does not know stand below.
"""
import collections
import csv
import pathlib
import sys

from phonenumbers.geodata import GEOCODE_DATA

HERE = pathlib.Path(__file__).resolve().parents[2] / "src/Web/Campaigns/Content"
# Of before 2012: what is called otherwise, or belongs to another city, today.
RENAMED = {
    "湖北省襄樊市": "420600", "安徽省巢湖市": "340100", "山东省莱芜市": "370100", "青海省海东地区": "630200", "贵州省铜仁地区": "520600", "贵州省毕节地区": "520500",
    "新疆吐鲁番地区": "650400", "新疆哈密地区": "650500", "西藏日喀则地区": "540200", "西藏山南地区": "540500", "西藏林芝地区": "540400", "西藏昌都地区": "540300", "西藏那曲地区": "540600",
}


def names():
    """Name as libphonenumber writes it -> code."""
    rows = list(csv.DictReader(open(HERE / "regions.csv", encoding="utf-8-sig")))
    known = dict(RENAMED)
    for row in rows:
        if row["level"] != "province":
            continue
        full = row["name"]
        short = full
        for ending in ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市"):
            short = short.removesuffix(ending)
        inside = [r for r in rows if r["code"][:2] == row["code"][:2] and r["level"] != "province"]
        for name in {full, short, short + "省", short + "市"}:
            known[name] = row["code"]
            for place in sorted(inside, key=lambda r: r["level"] == "city"):
                known.setdefault(name + place["name"], place["code"])
            for place in (r for r in inside if r["level"] == "city"):
                known[name + place["name"]] = place["code"]
    return known | RENAMED


def main():
    known = names()
    region, unknown = {}, collections.Counter()
    for prefix, said in sorted(GEOCODE_DATA.items(), key=lambda p: len(p[0])):
        digits = prefix[2:]
        # Mobile numbers begin with 1 and have eleven digits; 10 is Beijing's landlines.
        if not prefix.startswith("861") or prefix == "8610" or len(digits) > 7:
            continue
        code = known.get(said["zh"])
        if code is None:
            unknown[said["zh"]] += 1
            continue
        rest = 10 ** (7 - len(digits))
        for number in range(int(digits) * rest, (int(digits) + 1) * rest):
            region[number] = code
    spans = collections.defaultdict(list)
    for number in sorted(region):
        of = spans[region[number]]
        if of and of[-1][1] == number - 1:
            of[-1][1] = number
        else:
            of.append([number, number])
    with open(HERE / "mobile-prefixes.txt", "w", encoding="ascii") as out:
        for code in sorted(spans):
            last, parts = 0, []
            for first, end in spans[code]:
                parts.append(f"{first - last}" + (f"+{end - first}" if end > first else ""))
                last = end
            out.write(f"{code} {' '.join(parts)}\n")
    print(f"{len(region)} prefixes in {len(spans)} regions; not known: {dict(unknown)}", file=sys.stderr)


main()
