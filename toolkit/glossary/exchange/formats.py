"""Read another program's glossary by what is in it; write one by the name of its format."""

import re
from collections.abc import Sequence
from pathlib import Path

from toolkit import files
from toolkit.errors import FileError, GlossaryError
from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import columns, deepl, delimited, memoq, tables
from toolkit.glossary.exchange.columns import Layout
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.options import Options
from toolkit.glossary.exchange.parcel import Draft, Parcel, Report, settle
from toolkit.languages import LANGS

READABLE = ("tbx", "tmx", "xlsx", "csv", "tsv", "deepl", "google", "amazon", "omegat", "memoq")
WRITABLE = (
    "tbx2", "tbx3", "tmx", "xlsx", "csv", "tsv", "list", "deepl", "google", "amazon", "omegat",
    "memoq",
)  # fmt: skip
_BY_SUFFIX = {
    ".tbx": "tbx", ".tmx": "tmx", ".xlsx": "xlsx", ".csv": "csv", ".tsv": "tsv", ".txt": "list"
}  # fmt: skip
_LARGEST = 512 * 1024 * 1024


def read(
    path: str | Path,
    form: str | None = None,
    *,
    roles: str = "",
    delimiter: str = "",
    header: bool | None = None,
    split: str = "",
    domain: str = "",
) -> Parcel:
    """Read a file of another program.

    Args:
        form: One of ``READABLE``; None: what it is shows from its content.
        roles: What the columns of a table are, ``zh,ru,note,-`` ("": found out).
        delimiter: What stands between the cells of a table ("": found out).
        header: Whether a table begins with names of columns (None: found out).
        split: What stands between several terms in one cell ("": nothing does).
        domain: Of concepts whose file names none.

    Raises:
        FileError: If it cannot be read.
        GlossaryError: If it is no such file; the message says where and what to do.
    """
    name = files.display(path)
    data = _bytes(path)
    report = Report()
    guess: tuple[str, ...] = ()
    kind = form or _sniff(data, name)
    if kind == "tbx":
        from toolkit.glossary.exchange import tbx

        drafts, said = tbx.read(data, name, report)
    elif kind == "tmx":
        from toolkit.glossary.exchange import tmx

        drafts, said = tmx.read(data, name, report)
    else:
        drafts, said, guess = _table(
            data, name, kind, report, roles=roles, delimiter=delimiter, header=header, split=split
        )
    concepts, own = settle(drafts, report, domain=domain)
    if not concepts:
        raise GlossaryError(
            "\n".join([f"{name}: no Chinese, Russian or English term in it", *report.lines()])
        )
    return Parcel(concepts, said, own, report.lines(), guess)


def _bytes(path: str | Path) -> bytes:
    if str(path) == "-":
        return files._read_bytes(path)[1]
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError:
        files.read_text(path)  # says what is wrong
        raise
    if len(data) > _LARGEST:
        raise FileError(f"{files.display(path)}: larger than {_LARGEST >> 20} MiB; split it first")
    return data


def _sniff(data: bytes, name: str) -> str:
    """Return what kind of file the bytes are: tbx, tmx, xlsx, or a table as text."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    head = data[:4000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not head.startswith(b"<"):
        return "text"
    from toolkit.glossary.exchange import tbx, tmx, xml

    root = xml.parse(data, name)
    if tmx.is_root(root):
        return "tmx"
    if tbx.is_root(root):
        return "tbx"
    raise GlossaryError(
        f"{name}:1: XML that begins with <{xml.local(root)}>: neither TBX nor TMX; export the "
        "glossary as one of them, or as CSV"
    )


def _table(
    data: bytes, name: str, kind: str, report: Report, *, roles: str, delimiter: str,
    header: bool | None, split: str,
) -> tuple[list[Draft], str, tuple[str, ...]]:  # fmt: skip
    said, unit = "a table", "line"
    if kind == "xlsx":
        from toolkit.glossary.exchange import xlsx

        rows, said, unit = xlsx.read(data, name, report), "a workbook", "row"
    else:
        text = files.decode(data, name)[0]
        if not text.strip("\ufeff \t\r\n"):
            raise FileError(f"{name}: the file is empty (only white space)")
        rows, delimiter = _rows(text.lstrip("\ufeff"), kind, delimiter, header, name, roles)
        shown = {"\t": "tabs", ",": "commas", ";": "semicolons"}.get(delimiter, repr(delimiter))
        said = f"a table with {shown} between its cells"
    rows = [row for row in rows if not _is_comment(row, kind, report)]
    if not rows:
        raise GlossaryError(f"{name}: no row but comments")
    if not roles and (kind == "memoq" or memoq.is_shape(rows)):
        return memoq.drafts(rows, report), "a term base of memoQ", ()
    if not roles and (kind == "deepl" and len(rows[0].cells) == 4 or deepl.is_shape(rows)):
        return deepl.drafts(rows, report), "a glossary of DeepL with language codes", ()
    width = max(len(row.cells) for row in rows)
    try:
        if roles:
            layout = columns.given(roles, width, header=header, rows=rows)
        else:
            layout = columns.find(rows, header=header)
    except GlossaryError as error:
        raise GlossaryError(f"{name}: {error}") from None
    for column in layout.unknown:
        report.add(f"the column {column!r} is not known and was left out")
    rows = _unnumbered(rows, layout, report)
    drafts = tables.drafts(rows, layout, report, split=split, name=unit)
    return drafts, said, () if layout.sure else _told(said, layout)


_NUMBERED = re.compile(r"\s*\d{1,5}\s*[.)、．]\s*(?=\S)")


def _unnumbered(rows: list[Row], layout: Layout, report: Report) -> list[Row]:
    """Take the numbers off a list whose every row begins with one: 1. 条约 — договор."""
    body = rows[layout.first :]
    if layout.roles[0] not in LANGS or not body:
        return rows
    if not all(_NUMBERED.match(row.cells[0]) for row in body):
        return rows
    report.add("the numbers before the entries were taken off")
    cut = [Row((_NUMBERED.sub("", row.cells[0], 1), *row.cells[1:]), row.line) for row in body]
    return [*rows[: layout.first], *cut]


def _told(said: str, layout: Layout) -> tuple[str, ...]:
    first = "the first row names the columns" if layout.first else "no header"
    return (f"{said}, {first}", *layout.told)


def _is_comment(row: Row, kind: str, report: Report) -> bool:
    """Say whether a row is a comment of OmegaT, or of our own files."""
    first = row.cells[0].lstrip()
    if first.startswith("#") and (kind == "omegat" or _begins_comment(first, row)):
        report.add("comment lines were left out")
        return True
    return False


def _begins_comment(first: str, row: Row) -> bool:
    """Say whether a cell begins a comment in a table that may hold terms with #."""
    return first.startswith(("# ", "#\t", "##")) and sum(bool(c.strip()) for c in row.cells) <= 2


def _rows(
    text: str, kind: str, delimiter: str, header: bool | None, name: str, roles: str
) -> tuple[list[Row], str]:
    """Cut a table by the delimiter that gives columns of one language each."""
    found = re.match(r"sep=(.)\r?\n", text)
    if found:
        text, delimiter = text[found.end() :], delimiter or found[1]
    if kind in ("omegat", "tsv") and not delimiter:
        delimiter = "\t"
    if delimiter:
        delimiter = delimited.named(delimiter)
        return delimited.split(text, delimiter, quoted=kind != "omegat"), delimiter
    best: tuple[tuple[int, float], list[Row], str] | None = None
    for candidate, even, _ in delimited.candidates(text):
        rows = delimited.split(text, candidate)
        try:
            layout = columns.find(rows, header=header)
        except GlossaryError:
            continue
        known = len(set(layout.langs)) + 2 * ({"lang", "term"} <= set(layout.roles))
        score = (min(known, 2), round(even, 2) + known / 10)
        if best is None or score > best[0]:
            best = (score, rows, candidate)
    if best is None or best[0][0] < 2:
        if best and (roles or memoq.is_shape(best[1]) or deepl.is_shape(best[1])):
            return best[1], best[2]
        shown = text.strip().splitlines()[0][:60]
        raise GlossaryError(
            f"{name}:1: no separator gives columns in two languages; the file begins: {shown}; "
            "name the separator with --delimiter and the columns with --columns"
        )
    return best[1], best[2]


def form_of(path: str | Path) -> str:
    """Return the format that a file's suffix names.

    Raises:
        GlossaryError: For any other suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise GlossaryError(
            f"{files.display(path)}: its ending names no format; take one of "
            f"{' '.join(_BY_SUFFIX)}, or name the format with --format"
        )
    return _BY_SUFFIX[suffix]


def write(
    concepts: Sequence[Concept], form: str, options: Options
) -> tuple[bytes, tuple[str, ...]]:
    """Return a glossary in another program's format, and what of it that format lost.

    Raises:
        GlossaryError: If the format cannot hold what is asked of it.
    """
    report = Report()
    if form in ("tbx2", "tbx3"):
        from toolkit.glossary.exchange import tbx

        return tbx.write(concepts, options, report, version=int(form[-1])), report.lines()
    if form == "tmx":
        from toolkit.glossary.exchange import tmx

        return tmx.write(concepts, options, report), report.lines()
    if form == "xlsx":
        from toolkit.glossary.exchange import xlsx

        return xlsx.write(concepts, options, report), report.lines()
    from toolkit.glossary.exchange import amazon, google, omegat, plain

    writers = {
        "csv": plain.write, "tsv": plain.write, "list": plain.write_list, "deepl": deepl.write,
        "google": google.write, "amazon": amazon.write, "omegat": omegat.write,
        "memoq": memoq.write,
    }  # fmt: skip
    if form not in writers:
        raise GlossaryError(f"unknown format {form!r}; known: {' '.join(WRITABLE)}")
    text = writers[form](concepts, options, report)
    # Excel reads UTF-8 in a CSV file only behind a mark; services take no mark.
    mark = "\ufeff" if form in ("csv", "memoq", "list") and options.table == "csv" else ""
    return (mark + text).encode("utf-8", "replace"), report.lines()
