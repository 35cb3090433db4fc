"""Makes the workbooks of this folder: python3 make.py (openpyxl, pillow, LibreOffice). Names and numbers are invented."""

import io, struct, subprocess, sys, tempfile, zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

HERE = Path(__file__).parent


def ledger(path):
    book = Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.merge_cells("A1:H1")
    sheet["A1"] = "职业技能培训台账统计表"
    sheet["A1"].font = Font(name="黑体", size=18)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["序号", "培训机构", "班期", "工种", "人数", "课时", "合计", "备注"])
    thin = Side(style="thin")
    for number in range(1, 9):
        row = number + 2
        sheet.append([number, f"甲县第{(number + 3) // 4}培训学校", f"第{number}期", "电工", 30 + number, 80, f"=E{row}*F{row}", None])
        for cell in sheet[row]:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.number_format = "0.00" if cell.column == 5 else "General"
    sheet.merge_cells("B3:B6")
    sheet["C4"].fill = PatternFill("solid", fgColor="FFCCFFCC")
    sheet["C4"].font = Font(italic=True)
    sheet["C4"].comment = Comment("原有批注", "张三")
    sheet["D3"].comment = Comment("另一条原有批注", "李四")
    sheet["A2"].hyperlink = "https://example.org/?a=1&b=2"
    check = DataValidation(type="whole", operator="between", formula1="1", formula2="60")
    sheet.add_data_validation(check)
    check.add("E3:E10")
    sheet.conditional_formatting.add("E3:E10", CellIsRule(operator="greaterThan", formula=["35"], font=Font(bold=True)))
    sheet.auto_filter.ref = "A2:H10"
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.column_dimensions["B"].width = 24
    sheet.row_dimensions[1].height = 40
    sheet.page_setup.orientation = "landscape"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=2, max_row=10), titles_from_data=True)
    sheet.add_chart(chart, "K3")
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), (200, 0, 0)).save(picture, "png")
    sheet.add_image(Image(picture), "K1")
    other = book.create_sheet("甲'乙 & <丙>")
    other["B2"] = "只有一格"
    book.defined_names["总课时"] = DefinedName("总课时", attr_text="台账!$F$3:$F$10")
    book.create_sheet("核验意见")["A1"] = "已有同名表"
    book.save(path)


def as_excel_packs(source, path):
    """Growth hints as extra fields (Excel writes them), data descriptors (streams have them), a folder's entry."""

    class Stream(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, data):
            self.parts.append(bytes(data))
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr(zipfile.ZipInfo("xl/"), b"")
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            if entry.filename in ("[Content_Types].xml", "_rels/.rels"):
                info.extra = struct.pack("<HHHH", 0xA220, 4 + 20, 0xA028, 20) + bytes(20)
            with new.open(info, "w") as part:
                part.write(old.read(entry))
    Path(path).write_bytes(b"".join(stream.parts))


def saved_anew(source, path):
    """What LibreOffice makes of a workbook when it saves it."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", f"{folder}/new", source], check=True)
        Path(path).write_bytes(Path(folder, "new", Path(source).name).read_bytes())


# `MINGCHOU_MARKED=/tmp/marked.xlsx cargo test the_workbook_to_save_anew`, then `make.py again /tmp/marked.xlsx`.
if sys.argv[1:2] == ["again"]:
    saved_anew(sys.argv[2], HERE / "again.xlsx")
    sys.exit()
ledger(HERE / "openpyxl.xlsx")
as_excel_packs(HERE / "openpyxl.xlsx", HERE / "streamed.xlsx")
saved_anew(HERE / "openpyxl.xlsx", HERE / "libreoffice.xlsx")
