"""Writes small XLSX files by hand: the honest ones, and with other members the hostile ones."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml"'
    ' ContentType="application/xml"/><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
RELS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Notes" sheetId="1" state="hidden" r:id="rId9"/>'
    '<sheet name="Answers" sheetId="2" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
# Style 1 shows a number as a day, style 2 as a day by a format of its own.
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164"'
    ' formatCode="dd\\.mm\\.yyyy"/></numFmts><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def sheet(*rows):
    """Return a sheet; a cell is a text, a number, or XML of its own given as bytes."""
    held = "".join(
        f'<row r="{n}">{"".join(map(_cell, row))}</row>' for n, row in enumerate(rows, 1)
    )
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{held}</sheetData></worksheet>'


def _cell(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def xlsx(*rows, **members):
    """Return an XLSX file; members are replaced or added by name with "__" for "/"; None drops."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet(*rows),
    }
    for name, value in members.items():
        path = name.replace("__", "/")
        parts[path if "." in path else f"{path}.xml"] = value
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, value in parts.items():
            if value is not None:
                package.writestr(name, value)
    return held.getvalue()
