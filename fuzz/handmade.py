"""Files that no mutation would come by: small packages that ask for much. Written to found/handmade/, judged by the target xlsx."""

import pathlib
import zipfile

OUT = pathlib.Path(__file__).parent / "found" / "handmade"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types><Default Extension="xml" ContentType="application/xml"/></Types>'
HEADS = ["序号", "培训机构", "培训班名称", "培训职业", "培训等级", "计划人数", "开班时间", "结业时间", "培训地点", "授课教师"]


def row(number, cells, extra=""):
    return f'<row r="{number}"{extra}>' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def package(name, sheets, strings="<sst/>", same_part=0):
    names = range(1, (same_part or len(sheets)) + 1)
    book = "<workbook><sheets>" + "".join(f'<sheet name="表{n}" id="r{n}"/>' for n in names) + "</sheets></workbook>"
    part = lambda n: 1 if same_part else n
    rels = "".join(f'<Relationship Id="r{n}" Type="{RELS}/worksheet" Target="worksheets/sheet{part(n)}.xml"/>' for n in names)
    rels += f'<Relationship Id="s" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    OUT.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        def put(path, text):
            out.writestr(zipfile.ZipInfo(path, (2026, 11, 24, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 9)

        put("[Content_Types].xml", TYPES)
        put("_rels/.rels", f'<Relationships><Relationship Id="r" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        put("xl/workbook.xml", book)
        put("xl/_rels/workbook.xml.rels", f"<Relationships>{rels}</Relationships>")
        put("xl/sharedStrings.xml", strings)
        for n, sheet in enumerate(sheets, 1):
            put(f"xl/worksheets/sheet{n}.xml", f"<worksheet>{sheet}</worksheet>")


# One long shared string, meant by very many cells: each cell gets a copy of its own.
package(
    "one-long-string-many-cells.xlsx",
    [row(1, HEADS) + '<row r="2">' + '<c t="s"><v>0</v></c>' * 10 + "</row>" + ('<row>' + '<c t="s"><v>0</v></c>' * 10 + "</row>") * 400],
    strings=f"<sst><si><t>{'长' * 300_000}</t></si></sst>",
)
# Many sheets made of one part, whose one cell stands in the last row: the bound on cells counts for each sheet anew.
package("many-sheets-last-row.xlsx", [row(1, HEADS) + row(1048576, ["末"])], same_part=120)
# Very many merged regions, each asked for every cell.
body = row(1, HEADS) + "".join(row(n, [str(n), "甲校", f"电工{n}期", "电工", "五级", "30", "2026-11-25", "2026-12-05", "一街", "张三"]) for n in range(2, 3002))
package("many-merges.xlsx", [body + "<mergeCells>" + "".join(f'<mergeCell ref="L{n}:M{n}"/>' for n in range(1, 60_001)) + "</mergeCells>"])
# Hidden columns told again and again.
package("columns-hidden-often.xlsx", ["<cols>" + '<col min="1" max="16384" hidden="1"/>' * 20_000 + "</cols>" + row(1, HEADS)])
# A wide head: 16384 columns in forty rows, each with a word.
package("wide-heads.xlsx", ["".join(row(n, ["培训班名称"] * 4_000) for n in range(1, 41))])
# One cell with a very long text.
for sign, word in (("digits", "1"), ("open-brackets", "("), ("commas", "、"), ("dates", "11月25日"), ("clocks", "8:30-9:00"), ("blanks", "张 ")):
    text = word * (400_000 // len(word.encode()))
    package(f"long-cell-{sign}.xlsx", [row(1, HEADS) + row(2, ["1", "甲校", "电工1期", "电工", "五级", "30", text, text, "一街", text])])
    heads = ["日期", "星期", "时间", "课程", "授课教师", "地点"]
    package(f"long-lesson-{sign}.xlsx", [row(1, ["电工1期课程表"]) + row(2, heads) + row(3, [text] * 6) + row(4, [text])])
# A grid whose heads are days, with very many rows of lessons.
days = ["节次", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
lines = "".join(row(n, ["8:30-11:30"] + ["电工/张三/101教室"] * 7) for n in range(3, 6000))
package("long-grid.xlsx", [row(1, ["电工1期课程表（11月30日—12月6日）"]) + row(2, days) + lines])
# A ledger whose every row is a header again, and one with a total in every row.
package("heads-again.xlsx", ["".join(row(n, HEADS) for n in range(1, 8000))])
data = ["1", "甲校", "电工1期", "电工", "五级", "30", "2026-11-25", "2026-12-05", "一街", "张三"]
package("totals-again.xlsx", [row(1, HEADS) + "".join(row(n, data if n % 2 else ["合计", "", "", "", "", "999"]) for n in range(2, 16_000))])
# Bad dates in every row: what a range in the opening column takes back is looked for among all findings.
data[6] = "11.2-11.30、12.5"
data[7] = ""
package("bad-dates.xlsx", [row(1, HEADS) + "".join(row(n, data[:6] + ["11月2日-11月30日", ""] + data[8:]) for n in range(2, 12_000))])
print({path.name: path.stat().st_size for path in sorted(OUT.glob("*.xlsx"))})
