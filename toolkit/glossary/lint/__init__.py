"""Find what is wrong in glossary files, and mend what there is one way to mend."""

import functools
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from toolkit.files import read_text
from toolkit.glossary import cache
from toolkit.glossary.concept import Concept, Finding
from toolkit.glossary.format import COLUMNS, LINE_END, UNVERIFIED
from toolkit.glossary.lint import cells, concepts, wording
from toolkit.glossary.lint.rules import RULES
from toolkit.glossary.reading import Content, is_comment, read
from toolkit.glossary.sheet import Sheet
from toolkit.languages import LANGS

_TERM = COLUMNS.index("term")
_EVIDENCE = COLUMNS.index("evidence")
_CODES = {
    "row": "G001", "invisible": "G002", "second-preferred": "G103", "duplicate": "G104",
    "duplicate-id": "G001",
}  # fmt: skip
_MATCHER = ("G301",)
_RUSSIAN = ("G201", "G202", "G203")
_WORDS = (*_MATCHER, *_RUSSIAN)
_IGNORE = re.compile(r'[" ]*#\s*lint:\s*ignore\s+((?:G\d{3}[ ,]*)+)')
_MANY = 300  # concepts from which on it is worth remembering which were clean


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    lines: list[str]
    content: Content


def lint_files(
    paths: Sequence[str | Path], *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> list[Finding]:
    """Return the findings of glossary files taken together, file by file in order of lines.

    Args:
        select: Codes, or beginnings of codes, to look for; empty: all.
        ignore: Codes, or beginnings of codes, to leave out.

    Raises:
        FileError: For a file that cannot be read as text.
        GlossaryError: For a file without a glossary's header, or of a newer version.
    """
    files = [read_text(path) for path in paths]
    return lint([(file.text, file.path) for file in files], select=select, ignore=ignore)


def lint(
    texts: Sequence[tuple[str, str]], *, select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> list[Finding]:  # fmt: skip
    """Return the findings of texts of glossary files, each with the name of its file."""
    wanted = chosen(select, ignore)
    files = [
        _File(name, LINE_END.split(text), read(text, name, lenient=True)) for text, name in texts
    ]
    found: list[Finding] = []
    owners: dict[int, _File] = {}
    everything: list[Concept] = []
    for file in files:
        found += _of_file(file)
        for concept in file.content.concepts:
            owners[id(concept)] = file
            everything.append(concept)
    copies = Counter(concept.id for concept in everything)
    folded = concepts.folding()
    spots = [spot for file in files for spot in _of_words(file, wanted)]
    for concept in everything:
        spots += concepts.of_concept(concept, folded)
    spots += concepts.between(everything, folded)
    for spot in spots:
        # A file that adds to another's concepts need not have all of their languages.
        if spot.code in ("G101", "G102") and copies[spot.concept.id] > 1:
            continue
        found.append(_finding(spot, owners[id(spot.concept)]))
    order = {file.name: number for number, file in enumerate(files)}
    accepted = {(file.name, *item) for file in files for item in _accepted(file.lines)}
    found = [
        f for f in found if f.code in wanted and (f.file, f.line, f.code) not in accepted
    ]
    found.sort(key=lambda f: (order[f.file], f.line, f.column, f.code, f.message))
    return found


def _accepted(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines and the codes that a comment above accepts: # lint: ignore G108 why.

    Above a concept's own row it holds for all its rows, above a term's for that one.
    """
    waiting: set[str] = set()
    whole: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        if is_comment(line):
            found = _IGNORE.match(line)
            waiting |= set(re.findall(r"G\d{3}", found[1])) if found else set()
            continue
        if line.split("\t", 2)[1:2] == ["*"]:
            whole, waiting = waiting, set()
        yield from ((number, code) for code in whole | waiting)
        waiting = set()


def chosen(select: Collection[str], ignore: Collection[str]) -> set[str]:
    """Return the codes that are looked for."""
    return {
        code
        for code in RULES
        if (not select or code.startswith(tuple(select))) and not code.startswith(tuple(ignore))
    }


def _of_words(file: _File, wanted: set[str]) -> Iterator[concepts.Spot]:
    """Yield what is wrong with terms as words, which takes most of the time.

    A concept in which nothing was found is not looked at again by the same program, as long as
    its rows are the same to the letter.
    """
    if wanted.isdisjoint(_WORDS):
        return
    every = wanted.issuperset(_WORDS) and len(file.content.concepts) >= _MANY
    key = cache.digest(_program(), file.name, os.path.abspath(file.name)) if every else ""
    clean = set(cache.recall("lint-1", key) or ()) if every else set()
    still: list[bytes] = []
    for concept in file.content.concepts:
        rows = [file.lines[item.line - 1] for item in (concept, *concept.terms)]
        sign = blake2b("\n".join(rows).encode("utf-8", "replace"), digest_size=12).digest()
        if sign in clean:
            still.append(sign)
            continue
        found = [
            spot
            for term in concept.terms
            if term.lang == "ru" and not wanted.isdisjoint(_RUSSIAN)
            for spot in wording.of_russian(concept, term)
        ]
        if not wanted.isdisjoint(_MATCHER):
            found += wording.unfound(concept)
        if not found:
            still.append(sign)
        yield from found
    if every and clean != set(still):
        cache.keep("lint-1", key, still)


@functools.cache
def _program() -> str:
    """Return the digest of the code that judges words: other code judges anew."""
    root = Path(__file__).parents[2]
    code = [*root.glob("glossary/**/*.py"), *root.glob("languages/**/*.py")]
    return cache.digest(*(path.read_bytes() for path in sorted(code)))


def _of_file(file: _File) -> Iterator[Finding]:
    """Yield what is wrong with rows and cells, read or not."""
    for fault in file.content.faults:
        code = _CODES[fault.code]
        if code != "G002":  # the cells tell it
            yield _at(code, file, fault.number, fault.start, "", "", fault.message)
    header = False
    for number, line in enumerate(file.lines, 1):
        if not line or is_comment(line):
            continue
        if not header:
            header = True
        elif cells.suspect(line):
            yield from _of_line(file, number, line)


def _of_line(file: _File, number: int, line: str) -> Iterator[Finding]:
    parts = line.split("\t")
    lang = parts[1].strip() if len(parts) > 1 else ""
    start = 0
    for column, part in enumerate(parts):
        text, offset = _unwrapped(part)
        flaws = list(cells.of_text(text))
        if column == _TERM and lang in LANGS and text.strip():
            flaws += cells.of_term(text, lang)
        for flaw in flaws:
            yield _at(
                flaw.code, file, number, start + offset + flaw.start, parts[0].strip(), lang,
                f"{COLUMNS[column] if column < len(COLUMNS) else 'cell'}: {flaw.message}",
                text[flaw.start : flaw.end] if flaw.end - flaw.start < len(text) else text,
            )  # fmt: skip
        start += len(part) + 1


def _unwrapped(part: str) -> tuple[str, int]:
    """Return a cell without a spreadsheet's quotation marks, and where it begins in its part."""
    if len(part) > 1 and part[0] == part[-1] == '"' and '"' not in part[1:-1].replace('""', ""):
        return part[1:-1].replace('""', '"'), 1
    return part, 0


def _at(
    code: str, file: _File, number: int, start: int, concept: str, lang: str, message: str,
    found: str = "",
) -> Finding:  # fmt: skip
    return Finding(
        code, RULES[code].severity, concept, file.name, number, start + 1,
        lang if lang in LANGS else "", found, "", message,
    )  # fmt: skip


def _finding(spot: concepts.Spot, file: _File) -> Finding:
    term = spot.term
    number = term.line if term else spot.concept.line
    parts = file.lines[number - 1].split("\t")
    column = COLUMNS.index(spot.column)
    start = sum(len(part) + 1 for part in parts[:column])
    return _at(
        spot.code, file, number, start, spot.concept.id, term.lang if term else "", spot.message,
        term.text if term else "",
    )  # fmt: skip


def mend(sheet: Sheet, wanted: Collection[str]) -> None:
    """Mend what there is one way to mend: cells, and sources that are missing.

    Args:
        sheet: May hold rows that cannot be read.
        wanted: Codes of rules; a cell is mended if one of its flaws is among them.
    """
    for number, line in sheet.rows():
        parts = line.split("\t")
        if len(parts) < len(COLUMNS):
            continue
        lang = parts[1].strip()
        for column, part in enumerate(parts[: len(COLUMNS)]):
            text, _ = _unwrapped(part)
            is_term = column == _TERM and lang in LANGS
            flaws = list(cells.of_text(text))
            if is_term and text.strip():
                flaws += cells.of_term(text, lang)
            if any(flaw.code in wanted and flaw.mends for flaw in flaws):
                sheet.set_cell(number, column, cells.mend(text, lang if is_term else ""))
        if "G401" in wanted and lang in LANGS and not parts[_EVIDENCE].strip(' "'):
            sheet.set_cell(number, _EVIDENCE, UNVERIFIED)


def place_of(finding: Finding) -> str:
    """Return where a finding is, as editors open it."""
    return f"{finding.file}:{finding.line}:{finding.column}"
