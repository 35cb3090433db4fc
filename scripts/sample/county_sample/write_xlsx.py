"""A sheet list as .xlsx: openpyxl writes it, we repack it with fixed dates."""

import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from .pack import zip_bytes

_THIN = Border(*[Side(style="thin")] * 4)
_LOOKS = {
    "title": (Font(name="宋体", size=18, bold=True), Alignment("center", "center"), None),
    "line": (Font(name="宋体", size=11), Alignment("left", "center", wrap_text=True), None),
    "head": (Font(name="宋体", size=11, bold=True), Alignment("center", "center", wrap_text=True), _THIN),
    "body": (Font(name="宋体", size=10), Alignment("center", "center", wrap_text=True), _THIN),
}


def xlsx_bytes(sheets, active=-1):
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.active = len(sheets) - 1 if active < 0 else active
    raw = io.BytesIO()
    book.save(raw)
    return _repack(raw.getvalue())


def _fill(target, sheet):
    for (row, column), cell in sorted(sheet.cells.items()):
        place = target.cell(row + 1, column + 1)
        place.value = cell.value
        font, alignment, border = _LOOKS[cell.look]
        place.font, place.alignment = font, alignment
        if border:
            place.border = border
        if cell.number_format:
            place.number_format = cell.number_format
    for top, left, bottom, right in sheet.merges:
        target.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for column, width in sorted(sheet.widths.items()):
        target.column_dimensions[get_column_letter(column + 1)].width = width
    if sheet.cells.get((0, 0)) and sheet.cells[0, 0].look == "title":
        target.row_dimensions[1].height = 32
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9


def _repack(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    core = parts["docProps/core.xml"].decode()
    core = re.sub(r"(<dcterms:(created|modified)[^>]*>)[^<]*", r"\g<1>1980-01-01T00:00:00Z", core)
    parts["docProps/core.xml"] = re.sub(r"(<dc:creator>)[^<]*", r"\g<1>合成数据", core).encode()
    first = ["[Content_Types].xml", "_rels/.rels"]
    return zip_bytes([(name, parts[name]) for name in first + sorted(set(parts) - set(first))])
