"""Files that can't be read as a table: what matters is that they say why and what to do."""

import base64
import struct
import zlib

from .book import Sheet, compound, pack, repack, xls, xlsx
from .ledgers_layout import PLAIN, SMALL
from .truth import case, id_number, klass, name, phone

HTML_HEAD = '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">\r\n<head><meta http-equiv="Content-Type" content="text/html; charset={}"></head>\r\n<body><table border="1">\r\n'


def html(rows, charset):
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\r\n" for row in rows)
    return (HTML_HEAD.format(charset) + body + "</table></body></html>").encode("gbk" if charset == "gb2312" else "utf-8")


def png(width=64, height=48):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(0 if (x // 8 + y // 8) % 2 else 255 for x in range(width)) for y in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
    "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@case("修武县系统导出班级.xls", ".xls that is HTML", kind=None, codes=["D1007"])
def _(it):
    """What web systems call an Excel export."""
    rows = [[head for _, head in SMALL]]
    for n in (1, 2):
        k = klass(n)
        rows.append([n, k["institution"], k["class_name"], k["occupation"], k["opens_on"], k["ends_on"], k["actual"], k["venue"], ""])
    return html(rows, "gb2312")


@case("沁阳市系统导出.xls", ".xls that is HTML", kind=None, codes=["D1007"])
def _(it):
    rows = [["姓名", "身份证号码", "联系电话"]] + [[name(n), id_number(n), phone(n)] for n in (1, 2)]
    return html(rows, "utf-8").replace(b"<html", b"\r\n\r\n  <HTML", 1)


@case("温县台账（XML表格）.xls", ".xls that is HTML", kind=None, codes=["D1004|D1007"])
def _(it):
    """Excel 2003's XML, as some report tools still write it."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = "".join(f'<Cell><Data ss:Type="String">{head}</Data></Cell>' for _, head in SMALL)
    return f'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Sheet1"><Table><Row>{cells}</Row></Table></Worksheet></Workbook>'.encode()


@case("中站区台账.et", "fake .et", kind=None, codes=["D1004"])
def _(it):
    """An old WPS container without a workbook stream."""
    return compound([("ET_Document", b"Kingsoft ET 2005" * 40), ("SummaryInformation", b"\xfe\xff\0\0" * 20)])


@case("马村区台账（临时）.et", "fake .et", kind=None, codes=["D1004"])
def _(it):
    """WPS's lock file, taken for the workbook."""
    return b"\x05admin" + b" " * 50 + "罗启明".encode("utf-16-le") + b"\0" * 100


@case("解放区台账（加密）.xlsx", "password-protected (OLE with EncryptedPackage)", kind=None, codes=["D1003"])
def _(it):
    info = (
        struct.pack("<HHI", 4, 4, 0x40)
        + b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="AAAAAAAAAAAAAAAAAAAAAA=="/></encryption>'
    )
    noise = b"".join(struct.pack("<Q", (n * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) for n in range(1024))
    return compound([("EncryptionInfo", info), ("EncryptedPackage", struct.pack("<Q", len(noise)) + noise)])


@case("武陟县台账（加密）.xls", "password-protected (OLE with EncryptedPackage)", kind=None, codes=["D1003"])
def _(it):
    """An old workbook with a password to open: its records stand behind a FILEPASS record."""
    sheet = Sheet("Sheet1")
    sheet.line(*(head for _, head in SMALL))
    plain = xls(sheet)
    at = plain.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    # The record after BOF (its 16 bytes) is overwritten by FILEPASS, in place so that no sector moves.
    record = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + bytes(range(48))
    after = at + 4 + 16
    taken = 0
    while taken < len(record) + 4:
        taken += 4 + struct.unpack_from("<H", plain, after + taken + 2)[0]
    rest = taken - len(record)
    filler = struct.pack("<HH", 0x5C, rest - 4) + b" " * (rest - 4)
    return plain[:after] + record + filler + plain[after + taken :]


@case("孟州市台账扫描件.xlsx", "scan/photo/pdf renamed", kind=None, codes=["D1006"])
def _(it):
    return PDF


@case("山阳区台账照片.xls", "scan/photo/pdf renamed", kind=None, codes=["D1006"])
def _(it):
    return JPEG


@case("示范区台账截图.xlsx", "scan/photo/pdf renamed", kind=None, codes=["D1006"])
def _(it):
    return png()


@case("博爱县台账（贴图）.xlsx", "scan/photo/pdf renamed", kind=None, codes=["D1001|D1006|D1010"])
def _(it):
    """A workbook whose only content is a photograph of the table."""
    sheet = Sheet("Sheet1")
    sheet.line("博爱县台账（见下图）")
    space = "http://schemas.openxmlformats.org"
    drawing = f'<xdr:wsDr xmlns:xdr="{space}/drawingml/2006/spreadsheetDrawing" xmlns:a="{space}/drawingml/2006/main"><xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="600000" cy="400000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{space}/officeDocument/2006/relationships" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>'
    link = (
        lambda kind, target: f'<?xml version="1.0"?><Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    )
    types = lambda xml: xml.replace(
        b"</Types>",
        b'<Default Extension="png" ContentType="image/png"/><Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
    )
    page = lambda xml: xml.replace(
        b"</worksheet>", f'<drawing xmlns:r="{space}/officeDocument/2006/relationships" r:id="rId1"/></worksheet>'.encode()
    )
    return xlsx(
        sheet,
        change={"[Content_Types].xml": types, "xl/worksheets/sheet1.xml": page},
        add={
            "xl/drawings/drawing1.xml": drawing,
            "xl/drawings/_rels/drawing1.xml.rels": link("image", "../media/image1.png"),
            "xl/worksheets/_rels/sheet1.xml.rels": link("drawing", "../drawings/drawing1.xml"),
            "xl/media/image1.png": png(),
        },
    )


@case("温县台账（文档）.xlsx", "wrong document (roster named 台账)", kind=None, codes=["D1025"])
def _(it):
    """A Word file with a table in it, renamed."""
    space = "http://schemas.openxmlformats.org"
    word = f"{space}/wordprocessingml/2006/main"
    row = "".join(f"<w:tc><w:p><w:r><w:t>{head}</w:t></w:r></w:p></w:tc>" for _, head in SMALL)
    return pack(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{space}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{word}"><w:body><w:tbl><w:tr>{row}</w:tr></w:tbl></w:body></w:document>',
        }
    )


@case("马村区台账（旧文档）.xls", "wrong document (roster named 台账)", kind=None, codes=["D1025|D1004"])
def _(it):
    return compound([("WordDocument", b"\xec\xa5\xc1\x00" + "培训台账".encode("utf-16-le") * 50), ("1Table", b"\0" * 100)])


@case("沁阳市台账及课程表.zip", "archive", kind=None, codes=["D1008"])
def _(it):
    sheet = Sheet("Sheet1")
    sheet.line(*(head for _, head in SMALL))
    return pack({"台账.xlsx": xlsx(sheet), "课程表.xlsx": xlsx(sheet)})


@case("修武县台账（压缩）.xlsx", "archive", kind=None, codes=["D1008"])
def _(it):
    """A RAR archive with its ending changed by hand."""
    return b"Rar!\x1a\x07\x01\x00" + bytes(range(64))


@case("中站区台账（空）.xlsx", "empty ledger", kind=None, codes=["D1001"])
def _(it):
    return b""


@case("示范区台账（没传完）.xlsx", "damaged file", kind=None, codes=["D1004"])
def _(it):
    """The upload broke off in the middle."""
    sheet = Sheet("Sheet1")
    sheet.line(*(head for _, head in SMALL))
    whole = repack(xlsx(sheet), level=0)
    return whole[: len(whole) * 2 // 3]


@case("孟州市台账（空白模板）.xlsx", "empty ledger", county="410883", codes=["L1001"])
def _(it):
    """The form with its head and twenty numbered empty rows, sent as it came."""
    sheet = Sheet("台账")
    sheet.title("孟州市职业技能培训台账统计表", len(PLAIN))
    sheet.line("填报单位：孟州市人社局", None, None, None, "填报时间：    年  月  日")
    sheet.line(*(head for _, head in PLAIN))
    for n in range(1, 21):
        it.explained.append(sheet.line(n))
    sheet.line("合计", *[None] * 9, 0, 0)
    return xlsx(sheet, borders=True)


@case("解放区台账（实为花名册）.xlsx", "wrong document (roster named 台账)", kind=None, asked="ledger", codes=["D1011"])
def _(it):
    sheet = Sheet("台账")
    sheet.title("解放区职业技能培训学员花名册", 6)
    sheet.line("序号", "姓名", "性别", "身份证号码", "文化程度", "联系电话")
    for n in range(1, 5):
        sheet.line(n, name(n), "男" if n % 2 else "女", id_number(n, male=bool(n % 2)), "初中", phone(n))
    return xlsx(sheet)


@case("武陟县台账（实为通讯录）.xlsx", "wrong document (roster named 台账)", kind=None, codes=["D1010"])
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("全县人社系统值班安排表", 4)
    sheet.line("日期", "带班领导", "值班人员", "值班电话")
    for n in range(1, 5):
        sheet.line(f"11月{22 + n}日", name(n), name(n + 4), phone(n))
    return xlsx(sheet)
