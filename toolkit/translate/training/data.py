"""Turn patterns and written sentences into a stream of masked training examples."""

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.translate.patterns.grammar import LANGS, Generator
from toolkit.translate.symbols import SOURCE_GROUP, TARGET_GROUP, prepare

SENTENCES = Path(__file__).parent / "sentences.tsv"
_QUOTE = "§"
# Into a quoted sentence's indexes, so that they are not taken for those of its frame.
_SHIFTED = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")
_ANY_SOURCE = re.compile(r"<([TPLNODWM%])><([1-9¹²³⁴⁵⁶⁷⁸⁹])>")
_ANY_TARGET = re.compile(r"<([1-9¹²³⁴⁵⁶⁷⁸⁹])>")


@dataclass(frozen=True, slots=True)
class Example:
    """One direction of one sentence: masked, prepared source and target, and their languages."""

    source_lang: str
    target_lang: str
    source: str
    target: str


def directions() -> list[tuple[str, str]]:
    """Return the six ordered pairs of languages."""
    return [(a, b) for a in LANGS for b in LANGS if a != b]


def example(source_lang: str, target_lang: str, source: str, target: str) -> Example:
    """Prepare both sides as the engine does."""
    return Example(
        source_lang, target_lang, prepare(source, source_lang), prepare(target, target_lang)
    )


def read_sentences(path: Path) -> list[tuple[str, str, str]]:
    """Read zh, ru, en sentences, one a line; comments and blank lines are passed over."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        cells = cells[1:] if len(cells) == 4 else cells  # collocations name their kind first
        if not line.startswith("#") and len(cells) == 3 and all(cells):
            rows.append((cells[0], cells[1], cells[2]))
    return list(dict.fromkeys(rows))


def held_out(row: tuple[str, str, str]) -> bool:
    """Return whether a sentence is kept for measuring: about one in 24, by its own text.

    By its text, so that it stays held out however the file grows or is sorted.
    """
    return zlib.crc32(row[0].encode()) % 24 == 0


def synthetic(seed: int, count: int, kind: str = "TEXT") -> Iterator[Example]:
    """Yield examples of the grammar, whole sentences unless ``kind`` says otherwise."""
    for source_lang, target_lang, source, target in Generator(seed).pairs(count, kind=kind):
        yield example(source_lang, target_lang, source, target)


def quoted(written: Example, generator: Generator) -> Example | None:
    """Put a written sentence where a pattern puts a statement: P said that …, In recent years ….

    Returns None where the sentence is no statement, or the whole would hold too many marks.
    """
    chance = generator.random
    body_source, body_target = (
        _as_clause(written.source, written.source_lang),
        _as_clause(written.target, written.target_lang),
    )
    if body_source is None or body_target is None:
        return None
    frame = chance.choice(_frames(generator))
    tree = generator.tree(frame.kind, chosen=frame)
    source, target = generator.pair(tree, written.source_lang, written.target_lang)
    source = prepare(source, written.source_lang).replace(_QUOTE, _shift(body_source))
    target = prepare(target, written.target_lang).replace(_QUOTE, _shift(body_target))
    source, target = source[:1].upper() + source[1:], target[:1].upper() + target[1:]
    return renumbered(Example(written.source_lang, written.target_lang, source, target))


# How two sentences become one in each language; a stop between them leaves them two.
_JOINTS = (
    {"zh": "，", "ru": ", ", "en": ", and "},
    {"zh": "；", "ru": "; ", "en": "; "},
    {"zh": "，同时", "ru": ", при этом ", "en": ", while "},
    {"zh": "。", "ru": ". ", "en": ". "},
)


def joined(one: Example, other: Example, chance: random.Random) -> Example | None:
    """Make one long example of two of the same direction; None where that cannot be.

    Long sentences with many marks are rare in writing and not in dispatches.
    """
    joint = chance.choice(_JOINTS)
    texts = []
    for lang, first, second in (
        (one.source_lang, one.source, other.source),
        (one.target_lang, one.target, other.target),
    ):
        head, tail = _as_clause(first, lang), _as_clause(second, lang)
        if head is None or tail is None:
            return None
        head, tail = (first[: len(head)], _shift(tail))
        if joint["zh"] == "。":
            tail = tail[:1].upper() + tail[1:]
        texts.append(head + joint[lang] + tail + ("。" if lang == "zh" else "."))
    return renumbered(Example(one.source_lang, one.target_lang, texts[0], texts[1]))


def _frames(generator: Generator) -> list:
    return generator.rules["FRAME"]


def _as_clause(text: str, lang: str) -> str | None:
    end = {"zh": "。"}.get(lang, ".")
    if not text.endswith(end) or end in text[:-1] or any(c in text for c in '?!？！:："“”'):
        return None
    text = text[: -len(end)]
    if lang == "zh":
        return text
    first = re.match(r"[A-Za-zА-Яа-я]+", text)
    if first and first[0].lower() in _common(lang):
        return text[0].lower() + text[1:]
    return text if text.startswith("<") or first is None or first[0][0].isupper() else None


@cache
def _common(lang: str) -> frozenset[str]:
    """Return words the grammar writes in lower case: a sentence that begins so may be embedded."""
    words: set[str] = set()
    for item in synthetic(0, 6000):
        if item.target_lang == lang:
            words.update(re.findall(r"(?<=\s)[a-zа-я]+", item.target))
    return frozenset(words)


def _shift(text: str) -> str:
    return re.sub(r"<([1-9])>", lambda m: f"<{m[1].translate(_SHIFTED)}>", text)


def renumbered(item: Example) -> Example | None:
    """Number the marks again in their order in the source; None if there are more than nine."""
    order: dict[str, str] = {}
    for match in _ANY_SOURCE.finditer(item.source):
        order.setdefault(match[2], str(len(order) + 1))
    if len(order) > 9:
        return None
    source = _ANY_SOURCE.sub(lambda m: f"<{m[1]}><{order[m[2]]}>", item.source)
    target = _ANY_TARGET.sub(
        lambda m: f"<{order[m[1]]}>" if m[1] in order else m[0], item.target
    )
    return Example(item.source_lang, item.target_lang, source, target)


def consistent(item: Example) -> bool:
    """Return whether every mark of the source stands in the target exactly once."""
    source = sorted(m[2] for m in SOURCE_GROUP.finditer(item.source))
    return source == sorted(m[1] for m in TARGET_GROUP.finditer(item.target))


def written_examples(
    rows: Sequence[tuple[str, str, str]],
    *,
    masked: bool = True,
    glossaries: Sequence[str | Path] | None = None,
) -> list[Example]:
    """Return written sentences in all six directions.

    Args:
        masked: Mask them. A pair whose masks do not answer each other stays as it is, or is left
            out where it holds a figure.
        glossaries: Mask with these; None: with the shipped ones.
    """
    examples: list[Example] = []
    made: set[tuple[str, str, str]] = set()
    if masked and rows:
        for row, item in _masked(rows, glossaries):
            examples.append(item)
            made.add((row[0], item.source_lang, item.target_lang))
    for row in rows:
        texts = dict(zip(LANGS, row, strict=True))
        for source, target in directions():
            plain = example(source, target, texts[source], texts[target])
            known = (row[0], source, target) in made
            if not known and not re.search(r"\d", plain.source + plain.target):
                examples.append(plain)
    return list(dict.fromkeys(examples))


def _masked(
    rows: Sequence[tuple[str, str, str]], glossaries: Sequence[str | Path] | None
) -> Iterator[tuple[tuple[str, str, str], Example]]:
    from toolkit.glossary import store
    from toolkit.glossary.match import Matcher
    from toolkit.translate.pairs import mask_pair

    matcher = Matcher(store.load(glossaries))
    for row in rows:
        texts = dict(zip(LANGS, row, strict=True))
        for source, target in directions():
            pair = mask_pair(texts[source], texts[target], source, target, matcher)
            if pair is not None:
                item = example(source, target, *pair)
                if consistent(item):
                    yield row, item


def phrasebook(path: Path, source: str, target: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, masked source and masked target of the written sentences.

    Those held out are not among them, nor those whose marks do not answer each other.
    """
    from toolkit.glossary import store
    from toolkit.glossary.match import Matcher
    from toolkit.translate.pairs import mask_pair

    matcher = Matcher(store.load(None))
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        numbers.setdefault(line.partition("\t")[0].strip(), number)
    for row in read_sentences(path):
        texts = dict(zip(LANGS, row, strict=True))
        pair = mask_pair(texts[source], texts[target], source, target, matcher)
        if pair is None or held_out(row):
            continue
        item = example(source, target, *pair)
        if consistent(item):
            yield numbers[row[0]], item.source, item.target


def chunk(
    number: int,
    size: int,
    written: Sequence[Example],
    written_share: float,
    phrase_share: float = 0.0,
    pieces: Sequence[Example] = (),
) -> list[Example]:
    """Return the examples of one chunk; the same arguments give the same examples.

    Six in ten of the written ones stand alone, a quarter inside a pattern, the rest joined to
    another. ``pieces``, the collocations, take a third of the phrases' share and a tenth more.
    """
    chance = random.Random(number)
    generator = Generator(number)
    wanted = round(size * written_share) if written else 0
    alike: dict[tuple[str, str], list[Example]] = {}
    for item in written:
        alike.setdefault((item.source_lang, item.target_lang), []).append(item)
    items: list[Example] = []
    while len(items) < wanted:
        item, dice = chance.choice(written), chance.random()
        other = None
        if dice < 0.25:
            other = quoted(item, generator)
        elif dice < 0.4:
            partner = chance.choice(alike[item.source_lang, item.target_lang])
            other = joined(item, partner, chance)
        items.append(other or item)
    if pieces:
        some = round(size * (phrase_share / 3 + 0.1))
        items.extend(chance.choice(pieces) for _ in range(some))
        phrase_share *= 2 / 3
    items.extend(synthetic(2_000_000 + number, round(size * phrase_share), "PHRASE"))
    items.extend(synthetic(1_000_000 + number, size - len(items)))
    chance.shuffle(items)
    return items
