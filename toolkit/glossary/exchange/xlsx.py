"""Workbooks (.xlsx), by openpyxl: every cell is text, none becomes a date or a formula."""

import io
import zipfile
from collections.abc import Sequence

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import plain
from toolkit.glossary.exchange.cells import neutralise
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.options import Options
from toolkit.glossary.exchange.parcel import Report

_LARGEST = 512 * 1024 * 1024  # bytes unpacked; a term base of a million terms is a tenth of it
_WIDTHS = {"term": 48, "note": 40, "evidence": 40, "concept": 28}


def _openpyxl():
    try:
        import openpyxl
    except ImportError:
        raise GlossaryError(
            "reading and writing .xlsx needs openpyxl, which is not installed; run: pip install "
            "'tongwen[xlsx]', or save the table as CSV"
        ) from None
    return openpyxl


def read(data: bytes, name: str, report: Report) -> list[Row]:
    """Return the rows of the first sheet that has any; other sheets are told, not read.

    Raises:
        GlossaryError: If openpyxl is missing or the file is no workbook.
    """
    openpyxl = _openpyxl()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise GlossaryError(f"{name}: unpacks to over {_LARGEST >> 20} MiB; split it")
            for item in archive.infolist():
                # A workbook has no document type; entities of one would be expanded.
                if item.filename.endswith((".xml", ".rels")):
                    with archive.open(item) as part:
                        if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                            raise GlossaryError(
                                f"{name}: {item.filename} declares a document type, which no "
                                "workbook does; not read"
                            )
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        found: list[Row] = []
        for sheet in book.worksheets:
            rows = []
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                values = tuple("" if cell is None else _text(cell) for cell in cells)
                if any(value.strip() for value in values):
                    rows.append(Row(_trimmed(values), number))
            if rows and found:
                report.add(f"the sheet {sheet.title!r} was left out", f"{len(rows)} rows")
            found = found or rows
    except GlossaryError:
        raise
    except Exception as error:  # openpyxl lets through whatever the archive provokes
        raise GlossaryError(
            f"{name}: not a workbook that can be read ({type(error).__name__}: {error}); open it "
            "in a spreadsheet and save it again"
        ) from None
    if not found:
        raise GlossaryError(f"{name}: no sheet has any cells")
    width = max(len(row.cells) for row in found)
    return [Row(row.cells + ("",) * (width - len(row.cells)), row.line) for row in found]


def _text(cell: object) -> str:
    """Return a cell's value as a cell of CSV has it: what looks like a formula made safe."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return neutralise(str(cell))


def _trimmed(values: tuple[str, ...]) -> tuple[str, ...]:
    end = len(values)
    while end and not values[end - 1].strip():
        end -= 1
    return values[:end]


def write(concepts: Sequence[Concept], options: Options, report: Report) -> bytes:
    """Write the whole glossary, a term a row.

    Raises:
        GlossaryError: If openpyxl is missing.
    """
    openpyxl = _openpyxl()
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("glossary")
    sheet.freeze_panes = "A2"
    table = plain.rows(concepts, options, report)
    for at, column in enumerate(table[0]):
        sheet.column_dimensions[chr(ord("A") + at)].width = _WIDTHS.get(column, 12)
    for number, row in enumerate(table):
        cells = []
        for value in row:
            if ILLEGAL_CHARACTERS_RE.search(value):
                report.add("a character that a workbook cannot hold was left out", row[0])
                value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell = WriteOnlyCell(sheet, value=None)
            if value:
                cell.value = value
                cell.data_type = "s"  # not a formula, an error or a date, whatever it looks like
                cell.number_format = "@"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
