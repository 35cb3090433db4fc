"""Sheets as a clerk sees them, written as xlsx, xls, ods or csv; the same content gives the same bytes."""

import datetime as dt
import io
import re
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

EPOCH = dt.datetime(2026, 11, 27, 9, 0, 0)


class C:
    """A cell with more than its value: a number format or its id, strike-through, parts of text, a formula."""

    def __init__(self, value=None, fmt=None, fid=None, strike=False, parts=None, formula=None, cached=None, quote=False):
        self.value, self.fmt, self.fid, self.strike = value, fmt, fid, strike
        self.parts, self.formula, self.cached, self.quote = parts, formula, cached, quote

    def plain(self):
        if self.formula is not None:
            return self.cached
        if self.parts:
            return "".join(text for text, _ in self.parts)
        return self.value


def plain(cell):
    return cell.plain() if isinstance(cell, C) else cell


class Sheet:
    """Rows from 1, as the spreadsheet counts them; columns from 1 likewise."""

    def __init__(self, name="Sheet1", hidden=False, left=0, top=0):
        self.name, self.hidden, self.left = name, hidden, left
        self.rows, self.merges = [[] for _ in range(top)], []
        self.hidden_rows, self.hidden_columns = set(), set()
        self.dimension = None
        self.bare_rows = 0  # formatted rows without a cell, written below the last one

    def line(self, *cells):
        self.rows.append([None] * self.left + list(cells))
        return len(self.rows)

    def title(self, text, width):
        row = self.line(text)
        self.merges.append((row, 1 + self.left, row, width + self.left))
        return row

    def merge(self, first_row, first_column, last_row, last_column):
        self.merges.append((first_row, first_column, last_row, last_column))

    def cells(self):
        for r, row in enumerate(self.rows, 1):
            for c, cell in enumerate(row, 1):
                if cell is not None:
                    yield r, c, cell


def repack(data, change=None, add=None, level=9):
    """A zip with fixed times and its parts in order of name, some changed or added."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        for name in old.namelist():
            parts[name] = old.read(name)
    for name, edit in (change or {}).items():
        parts[name] = edit(parts[name])
    parts.update(add or {})
    return pack(parts, level)


def pack(parts, level=9, stored_first=None):
    out = io.BytesIO()
    order = sorted(parts, key=lambda name: (name != (stored_first or "[Content_Types].xml"), name))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for name in order:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == stored_first else zipfile.ZIP_DEFLATED
            info.create_system = 0
            part = parts[name]
            new.writestr(info, part.encode() if isinstance(part, str) else part, compresslevel=level)
    return out.getvalue()


THIN = Border(*(Side(style="thin") for _ in range(4)))


def _xlsx_cell(target, cell):
    if not isinstance(cell, C):
        target.value = cell
        if isinstance(cell, str) and cell[:1] == "=":
            target.data_type = "s"
        if isinstance(cell, dt.datetime):
            target.number_format = "yyyy-mm-dd hh:mm:ss"
        elif isinstance(cell, dt.date):
            target.number_format = "yyyy-mm-dd"
        elif isinstance(cell, dt.time):
            target.number_format = "h:mm"
        return
    if cell.formula is not None:
        target.value = "=" + cell.formula
    elif cell.parts:
        blocks = [TextBlock(InlineFont(strike=True, rFont="宋体"), text) if struck else text for text, struck in cell.parts]
        target.value = CellRichText(*blocks)
    else:
        target.value = cell.value
        if isinstance(cell.value, str) and cell.value[:1] == "=":
            target.data_type = "s"
    if cell.fmt:
        target.number_format = cell.fmt
    if cell.strike:
        target.font = Font(name="宋体", strike=True)
    if cell.quote:
        target._style = StyleArray(target._style or [0] * 9)
        target._style.quotePrefix = 1
    if cell.fid is not None:
        target._style = StyleArray(target._style or [0] * 9)
        target._style.numFmtId = cell.fid


def _cached(sheet):
    """Puts the value a formula showed when it was saved where openpyxl leaves it out."""

    def edit(xml):
        text = xml.decode()
        for r, c, cell in sheet.cells():
            if not isinstance(cell, C) or cell.formula is None or cell.cached is None:
                continue
            name = f"{get_column_letter(c)}{r}"
            kind = ' t="str"' if isinstance(cell.cached, str) else ""
            pattern = rf'<c r="{name}"([^>]*?)( t="\w+")?><f>(.*?)</f><v ?/?>(</v>)?</c>'
            new = rf'<c r="{name}"\1{kind}><f>\3</f><v>{escape(str(cell.cached))}</v></c>'
            text, count = re.subn(pattern, new, text)
            assert count == 1, (name, count)
        if sheet.dimension:
            text = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{sheet.dimension}"', text)
        if sheet.bare_rows:
            first = len(sheet.rows) + 1
            bare = "".join(f'<row r="{r}" spans="1:16" s="1" customFormat="1"/>' for r in range(first, first + sheet.bare_rows))
            text = text.replace("</sheetData>", bare + "</sheetData>")
        return text.encode()

    return edit


def _share(data, count):
    """Moves texts to the shared table, where Excel and WPS keep them; openpyxl writes them in line."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        pages = {f"xl/worksheets/sheet{n}.xml": parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, count + 1)}
    texts = {}

    def move(found):
        number = texts.setdefault(found.group(2), len(texts))
        return f'<c{found.group(1)} t="s"><v>{number}</v></c>'

    pages = {name: re.sub(r'<c([^>]*) t="inlineStr"><is>(.*?)</is></c>', move, page, flags=re.S) for name, page in pages.items()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{space}" count="{len(texts)}" uniqueCount="{len(texts)}">'
    table += "".join(f"<si>{text}</si>" for text in texts) + "</sst>"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = lambda xml: xml.replace(b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>')
    link = b'<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    links = lambda xml: xml.replace(b"</Relationships>", link + b"</Relationships>")
    return repack(data, {"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": links}, {"xl/sharedStrings.xml": table} | pages)


def xlsx(*sheets, inline=False, mac=False, prepare=None, change=None, add=None, borders=False, active=0):
    book = openpyxl.Workbook()
    book.remove(book.active)
    if mac:
        book.epoch = CALENDAR_MAC_1904
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for r, c, cell in sheet.cells():
            _xlsx_cell(page.cell(r, c), cell)
        if borders:
            for row in page.iter_rows(1, len(sheet.rows) + 30, 1, max(len(row) for row in sheet.rows)):
                for cell in row:
                    cell.border = THIN
                    cell.alignment = Alignment(wrap_text=True)
        for first_row, first_column, last_row, last_column in sheet.merges:
            page.merge_cells(start_row=first_row, start_column=first_column, end_row=last_row, end_column=last_column)
        for row in sheet.hidden_rows:
            page.row_dimensions[row].hidden = True
        for column in sheet.hidden_columns:
            page.column_dimensions[get_column_letter(column)].hidden = True
        if sheet.hidden:
            page.sheet_state = "hidden"
    book.active = active
    if prepare:
        prepare(book)
    out = io.BytesIO()
    book.save(out)
    edits = {f"xl/worksheets/sheet{n}.xml": _cached(sheet) for n, sheet in enumerate(sheets, 1)}
    stamp = lambda xml: re.sub(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-27T01:00:00Z", xml)
    edits["docProps/core.xml"] = stamp
    for name, edit in (change or {}).items():
        first = edits.get(name, lambda xml: xml)
        edits[name] = lambda xml, first=first, edit=edit: edit(first(xml))
    data = repack(out.getvalue(), edits, add)
    return data if inline else _share(data, len(sheets))


def xls(*sheets):
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name, cell_overwrite_ok=True)
        tops = {(m[0], m[1]): m for m in sheet.merges}
        for r, c, cell in sheet.cells():
            value = plain(cell)
            style = xlwt.XFStyle()
            if isinstance(cell, C) and cell.fmt:
                style.num_format_str = cell.fmt
            elif isinstance(value, dt.datetime):
                style.num_format_str = "yyyy-mm-dd hh:mm"
            elif isinstance(value, dt.date):
                style.num_format_str = "yyyy-mm-dd"
            elif isinstance(value, dt.time):
                style.num_format_str = "h:mm"
            if isinstance(cell, C) and cell.strike:
                style.font = xlwt.Font()
                style.font.struck_out = True
            if isinstance(cell, C) and cell.formula is not None:
                value = xlwt.Formula(cell.formula)
            if (r, c) in tops:
                m = tops[(r, c)]
                page.write_merge(m[0] - 1, m[2] - 1, m[1] - 1, m[3] - 1, value, style)
            else:
                page.write(r - 1, c - 1, value, style)
        for row in sheet.hidden_rows:
            page.row(row - 1).hidden = True
        for column in sheet.hidden_columns:
            page.col(column - 1).hidden = True
        if sheet.hidden:
            page.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'office:version="1.2"><office:automatic-styles><style:style style:name="struck" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _ods_cell(cell, span):
    value = plain(cell)
    style = ' table:style-name="struck"' if isinstance(cell, C) and cell.strike else ""
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    if isinstance(value, dt.datetime):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, dt.time):
        kind = f'office:value-type="time" office:time-value="PT{value.hour:02}H{value.minute:02}M00S"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell{style}{span} {kind}>{text}</table:table-cell>"


def ods(*sheets):
    body = []
    for sheet in sheets:
        body.append(f"<table:table table:name={quoteattr(sheet.name)}>")
        width = max((len(row) for row in sheet.rows), default=1)
        body.append(f'<table:table-column table:number-columns-repeated="{width}"/>')
        tops = {(m[0], m[1]): m for m in sheet.merges}
        covered = {(r, c) for m in sheet.merges for r in range(m[0], m[2] + 1) for c in range(m[1], m[3] + 1)} - set(tops)
        for r, row in enumerate(sheet.rows, 1):
            hidden = ' table:visibility="collapse"' if r in sheet.hidden_rows else ""
            body.append(f"<table:table-row{hidden}>")
            for c in range(1, width + 1):
                cell = row[c - 1] if c <= len(row) else None
                m = tops.get((r, c))
                span = f' table:number-columns-spanned="{m[3] - m[1] + 1}" table:number-rows-spanned="{m[2] - m[0] + 1}"' if m else ""
                if (r, c) in covered:
                    body.append("<table:covered-table-cell/>")
                elif plain(cell) is None:
                    body.append(f"<table:table-cell{span}/>")
                else:
                    body.append(_ods_cell(cell, span))
            body.append("</table:table-row>")
        # What LibreOffice writes below the last row.
        rest = 1048576 - len(sheet.rows)
        body.append(
            f'<table:table-row table:number-rows-repeated="{rest}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        )
        body.append("</table:table>")
    content = ODS_HEAD + "".join(body) + "</office:spreadsheet></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return pack({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": ODS_MANIFEST}, stored_first="mimetype")


def csv_text(sheet, separator=","):
    width = max(len(row) for row in sheet.rows)

    def quoted(cell):
        value = plain(cell)
        text = "" if value is None else str(value)
        if any(mark in text for mark in (separator, '"', "\n")) and not text.startswith('="'):
            return '"' + text.replace('"', '""') + '"'
        return text

    return "".join(separator.join(quoted(cell) for cell in row + [None] * (width - len(row))) + "\r\n" for row in sheet.rows)


def compound(streams):
    """An OLE compound file with these streams (each padded to 4096 bytes, so that none is a mini stream)."""
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    sectors, fat, starts = [], [], []
    for _, data in streams:
        data = data + b"\0" * max(0, 4096 - len(data))
        data += b"\0" * (-len(data) % 512)
        first, count = len(sectors), len(data) // 512
        starts.append((first, len(data)))
        sectors += [data[i * 512 : i * 512 + 512] for i in range(count)]
        fat += [first + i + 1 for i in range(count - 1)] + [end]
    entries = [("Root Entry", 5, end, 0, 1)] + [(name, 2, *start, free) for (name, _), start in zip(streams, starts)]
    directory = b""
    for at, (name, kind, first, size, child) in enumerate(entries):
        text = name.encode("utf-16-le")
        right = at + 1 if 0 < at < len(entries) - 1 else free
        entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, right, child)
        directory += entry + bytes(16) + struct.pack("<I", 0) + bytes(16) + struct.pack("<IQ", first, size)
    directory += (b"\0" * 66 + struct.pack("<BB", 0, 0) + struct.pack("<III", free, free, free) + b"\0" * 48) * (-len(entries) % 4)
    first_directory = len(sectors)
    blocks = [directory[i : i + 512] for i in range(0, len(directory), 512)]
    sectors += blocks
    fat += [first_directory + i + 1 for i in range(len(blocks) - 1)] + [end]
    fat_count = 1
    while (len(fat) + fat_count) > fat_count * 128:
        fat_count += 1
    fat_at = len(sectors)
    fat += [fat_mark] * fat_count
    fat += [free] * (fat_count * 128 - len(fat))
    sectors += [struct.pack("<128I", *fat[i * 128 : i * 128 + 128]) for i in range(fat_count)]
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_count, first_directory, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *[fat_at + i for i in range(fat_count)], *[free] * (109 - fat_count))
    return header + b"".join(sectors)
