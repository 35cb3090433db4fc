"""A sheet list as .xls (BIFF8)."""

import io

import xlwt

_BORDERS = "borders: left thin, right thin, top thin, bottom thin; "
_LOOKS = {
    "title": "font: name 宋体, height 360, bold on; align: horiz center, vert center",
    "line": "font: name 宋体, height 220; align: horiz left, vert center, wrap on",
    "head": _BORDERS + "font: name 宋体, height 220, bold on; align: horiz center, vert center, wrap on",
    "body": _BORDERS + "font: name 宋体, height 200; align: horiz center, vert center, wrap on",
}


def xls_bytes(sheets):
    book, styles = xlwt.Workbook(encoding="utf-8"), {}
    for sheet in sheets:
        _fill(book.add_sheet(sheet.name), sheet, styles)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _fill(target, sheet, styles):
    merged = {(t, l): (b, r) for t, l, b, r in sheet.merges}
    inside = {(r, c) for t, l, b, rr in sheet.merges for r in range(t, b + 1) for c in range(l, rr + 1)}
    for (row, column), cell in sorted(sheet.cells.items()):
        key = (cell.look, cell.number_format)
        if key not in styles:
            styles[key] = xlwt.easyxf(_LOOKS[cell.look], num_format_str=cell.number_format or "General")
        style = styles[key]
        value = "" if cell.value is None else cell.value
        if (row, column) in merged:
            bottom, right = merged[row, column]
            target.write_merge(row, bottom, column, right, value, style)
        elif (row, column) not in inside:
            target.write(row, column, value, style)
    for column, width in sorted(sheet.widths.items()):
        target.col(column).width = int(width * 256)
