"""What the columns of a table hold: said by a header, by the person, or guessed from the cells.

A role is a language (``zh``), ``variants:zh`` for more terms of it, a column of a glossary file
(``note``, ``status`` …), ``id``, ``lang``, ``term``, ``code`` for a language tag that goes with a
column, or ``-`` for a column that is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit import languages
from toolkit.errors import GlossaryError
from toolkit.glossary.exchange import tags
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.parcel import status_of
from toolkit.languages import LANGS, NAMES

FIELDS = ("domain", "note", "status", "scope", "register", "from", "to", "flags", "evidence")
ROLES = (*LANGS, *(f"variants:{lang}" for lang in LANGS), "id", "lang", "term", *FIELDS, "-")

_HEADERS = {
    "id": "id", "concept": "id", "conceptid": "id", "entryid": "id", "termid": "id", "№": "id",
    "no": "id", "номер": "id", "编号": "id", "序号": "id", "#": "id", "n": "id", "nr": "id",
    "lang": "lang", "language": "lang", "langcode": "lang", "язык": "lang", "语言": "lang",
    "term": "term", "термин": "term", "术语": "term",
    "status": "status", "termstatus": "status", "статус": "status", "状态": "status",
    "usage": "status", "usagestatus": "status", "forbidden": "status",
    "domain": "domain", "subject": "domain", "subjectfield": "domain", "field": "domain",
    "category": "domain", "topic": "domain", "область": "domain", "тема": "domain",
    "тематика": "domain", "раздел": "domain", "领域": "domain", "类别": "domain", "分类": "domain",
    "note": "note", "notes": "note", "comment": "note", "comments": "note", "remark": "note",
    "remarks": "note", "definition": "note", "description": "note", "context": "note",
    "example": "note", "примечание": "note", "примечания": "note", "комментарий": "note",
    "пояснение": "note", "определение": "note", "备注": "note", "说明": "note", "注释": "note",
    "定义": "note", "例句": "note",
    "scope": "scope", "country": "scope", "countries": "scope", "страна": "scope",
    "国家": "scope", "register": "register", "from": "from", "validfrom": "from", "to": "to",
    "validto": "to", "flags": "flags", "evidence": "evidence", "reference": "evidence",
    "url": "evidence", "link": "evidence", "источник": "evidence", "出处": "evidence",
    "来源": "evidence", "pos": "-", "partofspeech": "-", "pinyin": "-", "拼音": "-",
    "пиньинь": "-", "частьречи": "-", "词性": "-",
}  # fmt: skip
_SIDES = frozenset(
    "source target sourceterm targetterm src tgt trg original translation translations "
    "исходный перевод оригинал 原文 译文 译名 sourcetext targettext equivalent эквивалент".split()
)
_SYNONYMS = re.compile(r"(?i)synonym|variant|alternativ|синоним|вариант|同义|别名|又称")
_TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")


@dataclass(frozen=True, slots=True)
class Layout:
    """The role of each column; ``first`` is the number of header rows.

    ``told`` describes each column for a person; ``sure`` is false where cells had to be looked at.
    ``unknown`` are the names of columns that say nothing to us.
    """

    roles: tuple[str, ...]
    first: int
    told: tuple[str, ...]
    sure: bool
    unknown: tuple[str, ...] = ()

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(role for role in self.roles if role in LANGS)


def given(text: str, width: int, *, header: bool | None, rows: Sequence[Row]) -> Layout:
    """Return the layout that a person names: ``zh,ru,note,-``.

    Raises:
        GlossaryError: For a role unknown, too many columns, or none of a language.
    """
    roles = [role.strip().lower() for role in text.split(",")]
    for at, role in enumerate(roles):
        if role in ("", "skip", "ignore"):
            roles[at] = "-"
        elif (lang := tags.language(role)) and role not in ROLES:
            roles[at] = lang
        elif role not in ROLES:
            raise GlossaryError(f"{role!r} is no role of a column; known: {' '.join(ROLES)}")
    for lang in LANGS:
        if roles.count(lang) > 1:
            raise GlossaryError(f"two columns are {lang}; make the second one variants:{lang}")
    if len(roles) > width:
        raise GlossaryError(f"{len(roles)} columns are named, but the widest row has {width}")
    if not set(roles) & set(LANGS) and not {"lang", "term"} <= set(roles):
        raise GlossaryError("no column is a language; name one of them zh, ru or en")
    roles += ["-"] * (width - len(roles))
    if header is None:
        header = bool(rows) and _is_header(rows[0].cells)
    return Layout(tuple(roles), int(header), (), True)


def find(rows: Sequence[Row], *, header: bool | None = None) -> Layout:
    """Find out what the columns of a table are.

    Raises:
        GlossaryError: If no column is in one of our languages; the message shows the first row.
    """
    width = max((len(row.cells) for row in rows), default=0)
    first = rows[0].cells if rows else ()
    headed = _is_header(first) if header is None else header
    if header is None and headed and _is_row_of_names(first):
        headed = False  # 汉语, китайский: an entry of a list of languages
    names = [first[at] if headed and at < len(first) else "" for at in range(width)]
    named = {lang for name in names if (lang := _named_language(name))}
    has_lang = any(_HEADERS.get(_plain(name)) == "lang" for name in names)
    body = rows[headed:][:2000]
    roles: list[str] = []
    told: list[str] = []
    unknown: list[str] = []
    sure = headed
    for at, name in enumerate(names):
        column = [row.cells[at].strip() for row in body if at < len(row.cells)]
        cells = [cell for cell in column if cell]
        if _HEADERS.get(_plain(name)) == "term" and not has_lang:
            role, why, certain = _by_cells(cells, roles)  # «Термин», and the cells say of what
        else:
            role, why, certain = _role(name, cells, roles, guess=len(named) < 2)
        if role == "-" and why == _UNKNOWN:
            unknown.append(name.strip())
        sure = sure and certain
        roles.append(role)
        title = f" {name.strip()!r}" if name.strip() else ""
        told.append(f"column {at + 1}{title}: {_described(role)} ({why})")
    if not set(roles) & set(LANGS) and not {"lang", "term"} <= set(roles):
        shown = " | ".join(cell[:40] for cell in first) or "nothing"
        raise GlossaryError(
            f"no column is Chinese, Russian or English; the first row is: {shown}; name the "
            "columns with --columns, the separator with --delimiter"
        )
    return Layout(tuple(roles), int(headed), tuple(told), sure, tuple(unknown))


_UNKNOWN = "its name is not known"


def _plain(name: str) -> str:
    return re.sub(r"[\s_()./:-]", "", name.strip().lower())


def _is_row_of_names(cells: Sequence[str]) -> bool:
    """Say whether a row names one language in several scripts: then it is no header."""
    named = [(tags.language(cell), _script([cell])[0]) for cell in cells if cell.strip()]
    found = [lang for lang, _ in named if lang]
    scripts = {script for lang, script in named if lang}
    return len(found) > 1 and len(set(found)) == 1 and len(scripts) > 1


def _role(
    name: str, cells: list[str], roles: list[str], *, guess: bool
) -> tuple[str, str, bool]:
    """Return the role of a column, why, and whether its name alone says so.

    Where the header names its languages (``guess`` is false), an unknown name is none of them.
    """
    plain = _plain(name)
    lang = _named_language(name)
    if name and _SYNONYMS.search(name) and (lang or (found := _script(cells)[0])):
        return f"variants:{lang or found}", "by its name", bool(lang)
    if lang and lang not in roles:
        return lang, "by its name", True
    if lang:
        return f"variants:{lang}", f"a second {NAMES[lang]} column", True
    if plain in _HEADERS and (_HEADERS[plain] not in roles or _HEADERS[plain] == "note"):
        return _HEADERS[plain], "by its name", True
    if name and tags.is_code(name):
        return "-", "another language", True
    if name and plain not in _SIDES:
        # A name that says nothing to us: the cells may.
        found, share = _script(cells)
        if guess and found and found not in roles and _short(cells):
            return found, f"{share:.0%} of its letters are {NAMES[found]}", False
        return "-", _UNKNOWN, True
    return _by_cells(cells, roles)


def _by_cells(cells: list[str], roles: list[str]) -> tuple[str, str, bool]:
    if not cells:
        return "-", "empty", False
    if all(tags.is_code(cell) for cell in cells) and len(set(map(str.lower, cells))) <= 4:
        return "code", "language tags", False
    if all(re.fullmatch(r"[\d.]+", cell) for cell in cells):
        return ("id" if "id" not in roles else "-"), "numbers", False
    if all(re.match(r"https?://", cell) for cell in cells) and "evidence" not in roles:
        return "evidence", "addresses", False
    if all(status_of(cell) for cell in cells) and "status" not in roles:
        return "status", "words for a status", False
    lang, share = _script(cells)
    if lang == "en" and sum(bool(_TONES.search(cell)) for cell in cells) * 2 > len(cells):
        return "-", "Chinese in Latin letters", False
    if lang and lang not in roles and (_short(cells) or len(roles) < 2):
        return lang, f"{share:.0%} of its letters are {NAMES[lang]}", False
    return "note", "text that is no term" if not lang else f"more {NAMES[lang]}", False


def _short(cells: list[str]) -> bool:
    """Say whether cells look like terms, not sentences."""
    lengths = sorted(len(cell) * (3 if _script([cell])[0] == "zh" else 1) for cell in cells)
    return not lengths or lengths[len(lengths) // 2] <= 120


def _script(cells: list[str]) -> tuple[str | None, float]:
    share = languages.shares("\n".join(cells))
    lang = max(share, key=share.__getitem__)
    return (lang, share[lang]) if share[lang] >= 0.55 else (None, share[lang])


def _named_language(name: str) -> str | None:
    found = tags.language(name)
    if found:
        return found
    # Term (zh), Chinese term, English_Def is no term: memoq.py reads those.
    inner = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name)
    if inner and (found := tags.language(inner[1])):
        return found
    words = [word for word in re.split(r"[\s_:/.-]+", name.strip()) if word]
    if len(words) in (2, 3):
        rest = [word for word in words if not tags.language(word)]
        named = {tags.language(word) for word in words} - {None}
        kinds = {"term", "terms", "термин", "text", "name", "title", "synonym", "synonyms",
                 "variant", "variants", "source", "target", "источник", "перевод", "синоним",
                 "синонимы", "вариант", "варианты"}  # fmt: skip
        if len(named) == 1 and len(words) > len(rest) and all(w.lower() in kinds for w in rest):
            return named.pop()
    return None


def _is_header(cells: Sequence[str]) -> bool:
    """Say whether a first row names columns: every name is known, and there are two of them."""
    names = [cell for cell in cells if cell.strip()]
    known = 0
    for name in names:
        plain = _plain(name)
        if _named_language(name) or plain in _HEADERS or plain in _SIDES or tags.is_code(name):
            known += 1
    return known >= 2 and known * 2 >= len(names) or known == len(names) == 1 and len(cells) > 1


def _described(role: str) -> str:
    if role in LANGS:
        return f"{NAMES[role]} terms"
    if role.startswith("variants:"):
        return f"more {NAMES[role[-2:]]} terms"
    return {"-": "left out", "code": "language tags", "id": "ids", "lang": "languages"}.get(
        role, role
    )
