"""Notice when a model lost its way, and try again: in shorter parts, then with more care.

Neural models loop, stop early, copy the source, answer in another language or never end. Each
leaves a sign in the text. What stays faulty after every try is told, never hidden; a text longer
than the model's limit is parted, never cut.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit import languages
from toolkit.translate.engine import Engine, Hypothesis

# Characters of a translation for each of the source: least and most that sound translations of
# dispatches have, with room; titles and lists of names lie at the ends.
_LENGTHS = {
    ("zh", "ru"): (1.0, 7.5), ("zh", "en"): (1.0, 7.5), ("ru", "zh"): (0.12, 1.0),
    ("en", "zh"): (0.12, 1.0), ("ru", "en"): (0.45, 2.0), ("en", "ru"): (0.5, 2.2),
}  # fmt: skip
_SLACK = 12
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LATIN = re.compile(r"[A-Za-z]")
_SCRIPTS = {"zh": _HAN, "ru": _CYRILLIC, "en": _LATIN}
_WORDS = re.compile(r"[^\W_]+")
# A translation with one of these is none.
_WORST = ("gave nothing", "was copied", "another script", "is cut")
_ENDS = ".!?…。！？"
_CLOSING = "\"'”’»)）」』] "
# Longer inputs make most models forget their end.
_EASY = 120
_CLAUSES = {
    "zh": (re.compile(r"[；;]"), re.compile(r"[，,：]"), re.compile(r"、")),
    "ru": (re.compile(r";(?=\s)"), re.compile(r",(?=\s)"), re.compile(r"\s")),
    "en": (re.compile(r";(?=\s)"), re.compile(r",(?=\s)"), re.compile(r"\s")),
}


@dataclass(frozen=True, slots=True)
class Sound:
    """A translation after all tries; ``faults`` are what is still wrong, ``parts`` the stretches
    of the text it was translated in, each with its translation (none: whole)."""

    hypothesis: Hypothesis
    faults: tuple[str, ...] = ()
    parts: tuple[tuple[str, Hypothesis], ...] = ()


def translate(
    engine: Engine, texts: Sequence[str], source: str, target: str, beam: int = 4
) -> list[Sound]:
    """Translate with a stock model; what comes out faulty is tried again, then flagged.

    Order is kept. The first try is one batch of all texts, so sound ones cost nothing more.
    """
    made = engine.translate(texts, source, target, beam)
    results = [
        Sound(hypothesis, _faults(text, hypothesis, source, target))
        for text, hypothesis in zip(texts, made, strict=True)
    ]
    for number, text in enumerate(texts):
        if not results[number].faults or not text.strip():
            continue
        for again in (_in_parts, _carefully):
            other = again(engine, text, source, target, beam)
            if other is not None and _better(other, results[number]):
                results[number] = other
            if not results[number].faults:
                break
    return results


def _better(one: Sound, other: Sound) -> bool:
    if not one.hypothesis.text:
        return False
    return not other.hypothesis.text or _weight(one) < _weight(other)


def _weight(sound: Sound) -> int:
    return sum(3 if fault.endswith(_WORST) else 1 for fault in sound.faults)


def _faults(text: str, made: Hypothesis, source: str, target: str) -> tuple[str, ...]:
    if not text.strip():
        return ()
    if not made.text:
        return ("the model gave nothing",)
    found = faults(text, made.text, source, target)
    if made.cut:
        found.insert(0, "the translation reached the model's limit and is cut")
    return tuple(found)


def _in_parts(engine: Engine, text: str, source: str, target: str, beam: int) -> Sound | None:
    """Translate the sentences, then the clauses of a text one by one."""
    limit = _EASY
    parts = split(text, source, limit, engine.source_pieces)
    if len(parts) < 2:
        parts = split(text, source, max(8, engine.source_pieces(text) // 2), engine.source_pieces)
    if len(parts) < 2:
        return None
    made = engine.translate(parts, source, target, beam)
    if any(not item.text or item.cut for item in made):
        return None
    joined = joint(target).join(item.text for item in made)
    whole = Hypothesis(
        joined,
        sum(item.score for item in made) / len(made),
        any(item.unknown for item in made),
    )
    problems: dict[str, None] = {}
    for part, item in zip(parts, made, strict=True):
        problems.update(dict.fromkeys(_faults(part, item, source, target)))
    problem = tuple(problems) or _faults(text, whole, source, target)
    return Sound(whole, problem, tuple(zip(parts, made, strict=True)))


def joint(lang: str) -> str:
    """Return what stands between two parts of a text."""
    return "" if lang == "zh" else " "


def _carefully(engine: Engine, text: str, source: str, target: str, beam: int) -> Sound | None:
    """Translate once more, with repetition forbidden."""
    (made,) = engine.translate([text], source, target, max(beam, 4), careful=True)
    return Sound(made, _faults(text, made, source, target)) if made.text else None


def split(text: str, lang: str, limit: int, measure: Callable[[str], int]) -> list[str]:
    """Part a text into pieces of at most ``limit`` pieces, where it breaks best.

    Sentences first; a longer one at semicolons, then commas, then (not in Chinese) at any space;
    what has none of these is cut at the limit. Joined with the spaces between, the parts are the
    text: nothing is left out.

    Args:
        measure: Gives the number of subword pieces of a text.
    """
    spans = languages.module(lang).sentences(text) or [(0, len(text))]
    parts: list[str] = []
    for start, end in spans:
        parts += _clauses(text[start:end], lang, limit, measure, 0)
    return [part for part in parts if part.strip()]


def _clauses(
    text: str, lang: str, limit: int, measure: Callable[[str], int], level: int
) -> list[str]:
    if len(text) < limit or measure(text) <= limit:
        return [text.strip()]
    patterns = _CLAUSES[lang]
    if level == len(patterns):
        # A piece has at least one character: so many characters are never too many pieces.
        return [text[n : n + limit] for n in range(0, len(text), limit)]
    ends = [match.end() for match in patterns[level].finditer(text)]
    parts, start, last = [], 0, 0
    for end in [*ends, len(text)]:
        if end - start > limit and measure(text[start:end]) > limit and last > start:
            parts.append(text[start:last])
            start = last
        last = end
    parts.append(text[start:])
    if len(parts) == 1:
        return _clauses(text, lang, limit, measure, level + 1)
    return [piece for part in parts for piece in _clauses(part, lang, limit, measure, level + 1)]


# The signs --------------------------------------------------------------------------------------


def faults(text: str, translation: str, source: str, target: str) -> list[str]:
    """Return what in a translation shows that the model lost its way, in words for a person."""
    before, after = text.strip(), translation.strip()
    if not after:
        return ["the model gave nothing"]
    found = []
    if copied(before, after, source, target):
        found.append("the source was copied")
    elif foreign(after, before, target):
        found.append("the output is in another script")
    loop = repeated(after, target)
    if loop and not repeated(before, source):
        found.append(f"the output repeats itself (“{loop[:40]}”)")
    least, most = _LENGTHS[source, target]
    if len(after) > most * len(before) + _SLACK:
        found.append("the output is far longer than the source")
    elif len(after) < least * len(before) - _SLACK:
        found.append("the output is far shorter than the source")
    elif _open(after) and not _open(before):
        found.append("the output ends in the middle of a sentence")
    return found


def _open(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] not in _ENDS


def copied(text: str, translation: str, source: str, target: str) -> bool:
    """Tell whether a translation is the source again, or most of its words are."""
    letters = _SCRIPTS[source].findall(text)
    if len(letters) < 6:
        return False
    if text == translation:
        return True
    # A language of another script shows by its letters; here they all do.
    left = len(_SCRIPTS[source].findall(translation))
    return source != "en" and left > 0.5 * len(letters) and left > 5


def foreign(translation: str, text: str, target: str) -> bool:
    """Tell whether most letters are of no script of the target; Latin names may come along."""
    own = len(_SCRIPTS[target].findall(translation))
    others = sum(
        len(pattern.findall(translation)) for lang, pattern in _SCRIPTS.items() if lang != target
    )
    names = len(_LATIN.findall(text)) if target != "en" else 0
    return others - names > own * (0.5 if target == "zh" else 0.2) + 3


def repeated(text: str, lang: str) -> str:
    """Return what is said three times in a row, or twice if long or one word; "" if nothing.

    Runs of one to twelve words (zh: characters) are looked at; the cost is linear in the text.
    """
    units = list(text) if lang == "zh" else _WORDS.findall(text.lower())
    between = joint(lang)
    for size in range(1, 13):
        run = 0
        for place in range(size, len(units)):
            run = run + 1 if units[place] == units[place - size] else 0
            times = run // size + 1
            said = between.join(units[place - size + 1 : place + 1])
            if run and run % size == 0 and any(c.isalpha() for c in said):
                if (
                    times >= 3 + 2 * (lang == "zh" and size == 1)
                    or (times >= 2 and size >= (6 if lang == "zh" else 3))
                    or (times >= 2 and size == 1 and lang != "zh" and len(said) > 3)
                ):
                    return said
    long = 12 if lang == "zh" else 6
    grams = Counter(tuple(units[n : n + long]) for n in range(len(units) - long + 1))
    most = grams.most_common(1)
    return between.join(most[0][0]) if most and most[0][1] > 2 else ""
