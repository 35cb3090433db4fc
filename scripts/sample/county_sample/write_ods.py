"""A sheet list as .ods: a zip of XML, written by hand."""

import re
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from .pack import zip_bytes

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
                        ("number", "datastyle"), ("meta", "meta"), ("manifest", "manifest")]
) + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CELL = '<style:table-cell-properties style:vertical-align="middle" fo:wrap-option="wrap"{}/>'
_BORDER = ' fo:border="0.5pt solid #000000"'


def _style(name, size, align, border, bold=False, data=""):
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>{_CELL.format(_BORDER if border else "")}'
        f'<style:paragraph-properties fo:text-align="{align}"/>'
        f'<style:text-properties fo:font-family="宋体" style:font-family-asian="宋体" fo:font-size="{size}pt"'
        f'{" fo:font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}/></style:style>'
    )


def ods_bytes(sheets):
    widths = sorted({w for s in sheets for w in s.widths.values()} | {12})
    columns = "".join(
        f'<style:style style:name="co{w}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{w * 2}mm"/></style:style>' for w in widths)
    styles = (
        '<number:date-style style:name="D1"><number:year number:style="long"/><number:text>年</number:text><number:month/>'
        "<number:text>月</number:text><number:day/><number:text>日</number:text></number:date-style>"
        + columns + _style("title", 18, "center", False, True) + _style("line", 11, "start", False)
        + _style("head", 11, "center", True, True) + _style("body", 10, "center", True)
        + _style("date", 10, "center", True, data=' style:data-style-name="D1"'))
    content = (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.2"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(map(_table, sheets))}"
        "</office:spreadsheet></office:body></office:document-content>")
    meta = (f'{_HEAD}<office:document-meta {_SPACES} office:version="1.2"><office:meta>'
            "<meta:creation-date>1980-01-01T00:00:00</meta:creation-date><dc:date>1980-01-01T00:00:00</dc:date>"
            "</office:meta></office:document-meta>")
    styles_part = f'{_HEAD}<office:document-styles {_SPACES} office:version="1.2"><office:styles/></office:document-styles>'
    entries = [("/", _TYPE), ("content.xml", "text/xml"), ("meta.xml", "text/xml"), ("styles.xml", "text/xml")]
    manifest = _HEAD + f'<manifest:manifest {_SPACES} manifest:version="1.2">' + "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in entries
    ) + "</manifest:manifest>"
    parts = [("mimetype", _TYPE), ("content.xml", content), ("meta.xml", meta), ("styles.xml", styles_part),
             ("META-INF/manifest.xml", manifest)]
    return zip_bytes([(name, text.encode()) for name, text in parts], stored=("mimetype",))


def _table(sheet):
    spans = {(t, l): (b - t + 1, r - l + 1) for t, l, b, r in sheet.merges}
    covered = {(r, c) for t, l, b, rr in sheet.merges for r in range(t, b + 1) for c in range(l, rr + 1)} - set(spans)
    columns = "".join(f'<table:table-column table:style-name="co{sheet.widths.get(c, 12)}"/>' for c in range(sheet.width))
    rows = "".join(
        "<table:table-row>"
        + "".join(_cell(sheet.cells.get((r, c)), spans.get((r, c)), (r, c) in covered) for c in range(sheet.width))
        + "</table:table-row>" for r in range(sheet.height))
    return f"<table:table table:name={quoteattr(sheet.name)}>{columns}{rows}</table:table>"


def _cell(cell, span, covered):
    if covered:
        return "<table:covered-table-cell/>"
    if cell is None:
        return "<table:table-cell/>"
    where = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    value, look = cell.value, cell.look
    if value is None:
        return f'<table:table-cell table:style-name="{look}"{where}/>'
    if isinstance(value, date):
        kind, look = f'office:value-type="date" office:date-value="{value.isoformat()}"', "date"
        text = f"{value.year}年{value.month}月{value.day}日"
    elif isinstance(value, int):
        kind, text = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, text = 'office:value-type="string"', value
    lines = "".join(f"<text:p>{_blanks(escape(line))}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell table:style-name="{look}" {kind}{where}>{lines}</table:table-cell>'


def _blanks(text):
    """A run of blanks would be read as one."""
    return re.sub(" ( +)", lambda run: f' <text:s text:c="{len(run[1])}"/>', text)
