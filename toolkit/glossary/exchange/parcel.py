"""What was read in another program's file, on its way to being concepts."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.format import ALL_STATUSES, UNVERIFIED, circumstances
from toolkit.glossary.reading import INVISIBLE, check_id, term_from
from toolkit.languages import LANGS, NAMES

# Statuses by the words other programs have for them, letter case and the ISO suffix apart.
STATUSES = {
    "preferred": "preferred", "approved": "preferred", "standardized": "preferred",
    "standardizedterm": "preferred", "preferredterm": "preferred", "main": "preferred",
    "recommended": "preferred", "推荐": "preferred", "首选": "preferred",
    "рекомендуемый": "preferred", "предпочтительный": "preferred",
    "admitted": "admitted", "admittedterm": "admitted", "allowed": "admitted",
    "acceptable": "admitted", "synonym": "admitted", "legalterm": "admitted",
    "regulatedterm": "admitted", "допустимый": "admitted", "允许": "admitted",
    "deprecated": "deprecated", "deprecatedterm": "deprecated", "superseded": "deprecated",
    "supersededterm": "deprecated", "obsolete": "deprecated", "notrecommended": "deprecated",
    "устаревший": "deprecated", "устар": "deprecated", "旧称": "deprecated", "弃用": "deprecated",
    "forbidden": "forbidden", "banned": "forbidden", "prohibited": "forbidden",
    "blacklisted": "forbidden", "donotuse": "forbidden", "запрещённый": "forbidden",
    "запрещенный": "forbidden", "запрещён": "forbidden", "запрещен": "forbidden",
    "禁用": "forbidden", "禁止": "forbidden",
    "proposed": "proposed", "new": "proposed", "proposedterm": "proposed", "draft": "proposed",
    "pending": "proposed", "provisional": "proposed", "候选": "proposed",
}  # fmt: skip

DOMAIN = "imported"  # of a concept whose file names none
_HAN_BREAK = re.compile(r"(?<=[\u3400-\u9fff])[ \t]*[\r\n]+[ \t]*(?=[\u3400-\u9fff])")
_LINES = re.compile(r"\s*[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")


@dataclass(slots=True)
class Draft:
    """A concept as a file has it; ``terms`` are cells by column name, ``place`` is where."""

    id: str = ""
    domain: str = ""
    note: str = ""
    relations: list[tuple[str, str]] = field(default_factory=list)
    terms: list[dict[str, str]] = field(default_factory=list)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file of another program holds.

    ``own_ids`` are the ids that the file gave itself (the others were made from the terms);
    ``report`` says what was changed or left out, ``guess`` what its columns were taken for (empty:
    the file says so itself), ``form`` what kind of file it was.
    """

    concepts: tuple[Concept, ...]
    form: str
    own_ids: frozenset[str] = frozenset()
    report: tuple[str, ...] = ()
    guess: tuple[str, ...] = ()


class Report:
    """What happened to things in a file, counted, with the first places."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()

    def add(self, what: str, place: str = "") -> None:
        self._counts[what] += 1
        places = self._places.setdefault(what, [])
        if place and len(places) < 4 and place not in places:
            places.append(place)

    def lines(self) -> tuple[str, ...]:
        found = []
        for what, count in self._counts.items():
            places = self._places[what]
            where = f" ({', '.join(places[:3])}{', …' if len(places) > 3 else ''})"
            times = f"{count} × " if count > 1 else ""
            found.append(f"{times}{what}{where if places else ''}")
        return tuple(found)


def status_of(word: str) -> str | None:
    """Return our status for another program's word; None if it means nothing here."""
    plain = word.strip().lower().removesuffix("-admn-sts")
    return STATUSES.get(re.sub(r"[\s_-]", "", plain))


def clean(value: str, report: Report | None = None, place: str = "") -> str:
    """Return a text that a cell of a glossary can hold: one line, composed, nothing invisible.

    A line break between two Chinese characters leaves nothing, elsewhere a space.
    """
    text = _HAN_BREAK.sub("", unicodedata.normalize("NFC", value))
    if _LINES.search(text.strip()):
        if report:
            report.add("a tab or a line break within a text became a space", place)
        text = _LINES.sub(" ", text)
    text = _LINES.sub(" ", text).strip()
    if INVISIBLE.search(text):
        if report:
            report.add("invisible characters were taken out of a text", place)
        text = INVISIBLE.sub("", text).strip()
    return text


def settle(
    drafts: Iterable[Draft], report: Report, *, domain: str = "", evidence: str = UNVERIFIED
) -> tuple[tuple[Concept, ...], frozenset[str]]:
    """Make concepts of drafts, and tell what had to change; return also which ids are their own.

    A language gets exactly one preferred term: the first of several, or the first admitted one.

    Args:
        domain: Of concepts that have none.
        evidence: Of terms that say nothing of theirs.
    """
    concepts: list[Concept] = []
    own: set[str] = set()
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    pending: list[tuple[Draft, str, tuple[Term, ...]]] = []
    for draft in drafts:
        terms = _terms(draft, report, evidence)
        if not terms:
            report.add("an entry without a Chinese, Russian or English term was left out",
                       draft.place or draft.id)  # fmt: skip
            continue
        id = _own_id(draft.id)
        if id and id not in taken:
            own.add(id)
        elif id:
            report.add(f"the id {id} stands twice; the second entry got another", draft.place)
        if not id or id in taken:
            id = unused(make_id(terms), taken)
        taken.add(id)
        if draft.id:
            renamed.setdefault(draft.id, id)
        pending.append((draft, id, terms))
    for draft, id, terms in pending:
        relations = []
        for kind, target in draft.relations:
            target = renamed.get(target, target)
            try:
                relations.append((kind, check_id(target)))
            except GlossaryError:
                report.add(f"a relation to {target!r}, which is no id, was left out", draft.place)
        concepts.append(
            Concept(
                id,
                clean(draft.domain, report, draft.place) or domain or DOMAIN,
                terms,
                clean(draft.note, report, draft.place),
                relations=tuple(dict.fromkeys(relations)),
            )
        )
    return tuple(concepts), frozenset(own)


def _own_id(id: str) -> str:
    """Return an id that means something beyond its file, else ""."""
    id = id.strip()
    if id.isdigit():
        return ""
    try:
        return check_id(id)
    except GlossaryError:
        return ""


def _terms(draft: Draft, report: Report, evidence: str) -> tuple[Term, ...]:
    found: list[Term] = []
    seen: set[tuple[object, ...]] = set()
    preferred: set[str] = set()
    stated = {
        cells["lang"] for cells in draft.terms if cells.get("status") == "preferred"
    }
    for cells in draft.terms:
        place = draft.place or draft.id
        values = {name: clean(value, report, place) for name, value in cells.items()}
        lang = values["lang"]
        if not values["term"]:
            continue
        values.setdefault("evidence", evidence)
        status = values.get("status", "")
        if not status:
            status = "admitted" if lang in stated | preferred else "preferred"
        elif status == "preferred" and lang in preferred:
            report.add("a second preferred term of one language became admitted", place)
            status = "admitted"
        values["status"] = status
        term = _term(values, report, place)
        if term is None:
            continue
        if circumstances(term) in seen:
            report.add("a term that stands twice in one entry was kept once", place)
            continue
        seen.add(circumstances(term))
        if term.status == "preferred":
            preferred.add(lang)
        found.append(term)
    return tuple(_with_preferred(found, preferred, report, draft.place or draft.id))


def _term(values: dict[str, str], report: Report, place: str) -> Term | None:
    try:
        return term_from(values)
    except GlossaryError as error:
        report.add(f"left out: {error}", place)
    plain = {name: values.get(name, "") for name in ("lang", "term", "note", "evidence")}
    plain["status"] = values["status"] if values["status"] in ALL_STATUSES else "admitted"
    try:
        return term_from(plain)
    except GlossaryError:
        return None


def _with_preferred(
    terms: list[Term], preferred: set[str], report: Report, place: str
) -> list[Term]:
    from dataclasses import replace

    for lang in LANGS:
        settled = [t for t in terms if t.lang == lang and t.status != PROPOSED]
        if not settled or lang in preferred:
            continue
        first = next((t for t in settled if t.status == "admitted"), None)
        if first is not None:
            report.add(f"the first {NAMES[lang]} term became preferred, since none was", place)
            terms = [replace(t, status="preferred") if t is first else t for t in terms]
        else:
            report.add(
                f"{NAMES[lang]} terms of an entry, all {settled[0].status}, became proposed: a "
                "language needs a preferred term first", place,
            )  # fmt: skip
            terms = [
                replace(t, status=PROPOSED, note="; ".join(filter(None, (t.status, t.note))))
                if t.lang == lang and t.status != PROPOSED
                else t
                for t in terms
            ]
    return terms


_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
_LEFT_OUT = frozenset("a an the of and in on for to with".split())


def make_id(terms: Iterable[Term]) -> str:
    """Return an id that the terms themselves suggest: the same terms always give the same id."""
    by_lang: dict[str, Term] = {}
    for term in terms:
        kept = by_lang.get(term.lang)
        if kept is None or term.status == "preferred" != kept.status:
            by_lang[term.lang] = term
    for lang in ("en", "ru", "zh"):
        if lang in by_lang:
            id = _slug(by_lang[lang].text, lang)
            if id:
                return id
    text = "\0".join(term.text for term in terms)
    return "c_" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _slug(text: str, lang: str) -> str:
    if lang == "zh":
        from pypinyin import lazy_pinyin

        words = [w for w in lazy_pinyin(text[:12], errors="ignore") if w.isascii()]
    elif lang == "ru":
        words = ["".join(_CYRILLIC.get(char, char) for char in text.lower())]
    else:
        words = [unicodedata.normalize("NFKD", text).lower().replace("’", "").replace("'", "")]
    parts = re.findall("[a-z0-9]+", " ".join(words).encode("ascii", "ignore").decode())
    parts = [part for part in parts if part not in _LEFT_OUT] or parts
    id = ""
    for part in parts:
        if id and len(id) + len(part) >= 48:
            break
        id = f"{id}_{part[:48]}" if id else part[:48]
    return id if re.search("[a-z]", id) else ""


def unused(id: str, taken: set[str]) -> str:
    """Return ``id``, or with the first number that makes it a new one."""
    if id not in taken:
        return id
    number = 2
    while f"{id}_{number}" in taken:
        number += 1
    return f"{id}_{number}"
