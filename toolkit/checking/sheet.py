"""Findings as a workbook: every cell is plain text, so that no program takes one for a formula."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

from toolkit.checking.report import Report
from toolkit.glossary.rules import RULES

_COLUMNS = (
    ("file", 28), ("line", 7), ("column", 8), ("severity", 10), ("code", 7), ("rule", 24),
    ("language", 10), ("found", 40), ("write", 40), ("why", 80), ("concept", 24), ("text", 80),
)  # fmt: skip
_MOST = 32_000  # characters of a cell; a workbook holds 32,767
# A cell cannot hold these: XML forbids them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(report: Report) -> bytes:
    """Return an .xlsx of one sheet, the same byte for byte for the same findings."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="findings" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        # Style 1 is bold; style 2 marks its text as text even when somebody edits the cell.
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font>'
        '</fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
        '<xf fontId="1" applyFont="1"/>'
        '<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1">'
        '<alignment wrapText="1" vertical="top"/></xf></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": _sheet(report),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _HEAD + text)
    return buffer.getvalue()


def _sheet(report: Report) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, (_, width) in enumerate(_COLUMNS, 1)
    )
    rows = [_row(1, [name for name, _ in _COLUMNS], 1)]
    for number, finding in enumerate(report.findings, 2):
        cells: list[str | int] = [
            finding.file,
            finding.line,
            finding.column,
            finding.severity,
            finding.code,
            RULES[finding.code].title,
            finding.lang,
            finding.found,
            finding.suggestion or finding.expected,
            finding.message,
            finding.concept,
            report.line(finding) or "",
        ]
        rows.append(_row(number, cells, 2))
    last = f"{_letter(len(_COLUMNS) - 1)}{len(rows)}"
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A1:{last}"/></worksheet>'
    )


def _row(number: int, cells: list, style: int) -> str:
    made = []
    for place, value in enumerate(cells):
        where = f"{_letter(place)}{number}"
        if isinstance(value, int):
            made.append(f'<c r="{where}"><v>{value}</v></c>')
        else:
            text = escape(_UNPRINTABLE.sub("\ufffd", value[:_MOST]))
            made.append(
                f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t>'
                "</is></c>"
            )
    return f'<row r="{number}">{"".join(made)}</row>'


def _letter(place: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place]
