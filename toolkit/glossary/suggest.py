"""What to write for what stands there, in its case and letters, and whether it is safe to do so.

A replacement is safe where nothing around it would have to change: in Russian the case is known,
gender and number are those that were, or no word beside depends on them; in English number and
the sound of the first letter stay.
"""

import datetime
import re
from difflib import SequenceMatcher

from toolkit.glossary import agreement
from toolkit.glossary.match import Match, cases_in, status_on
from toolkit.languages import ru_forms

_WORD_BEFORE = re.compile(r"([А-Яа-яёЁA-Za-z-]+)[ \u00a0]+[«\"“]?$")
_WORD_AFTER = re.compile(r"^[»\"”]?[ \u00a0]+([А-Яа-яёЁ-]+)")
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)
_SMALL = frozenset("a an and as at by for from in into of on or the to with".split())
_AGREEING = {"ADJF", "PRTF", "NPRO", "NUMR"}
_DEPENDENT = {"VERB", "PRTS", "ADJS", "PRTF", "ADJF"}


def replacement(right: str, match: Match, text: str) -> tuple[str, bool]:
    """Return what to write for a match, and whether the sentence needs no other change."""
    if not right or "…" in right or "..." in right:
        return "", False
    stands = text[match.start : match.end]
    if match.term.lang == "zh":
        return right, True
    if match.term.lang == "en":
        return _english(right, match, text, stands)
    return _russian(right, match, text, stands)


def nearest(match: Match, right: str, day: datetime.date | None) -> str:
    """Return the approved form that is most like a wrong one: partners for partners.

    The preferred form ``right`` wins where none is much nearer.
    """
    wrong = match.term.text
    best, score = right, _alike(right, wrong) + 0.05
    for term in match.concept.terms:
        if term.lang == match.term.lang and status_on(term, day) in ("preferred", "admitted"):
            alike = _alike(term.text, wrong)
            # A wrong form without its head is no form: “一带一路” for “一带一路”战略.
            if "…" not in term.text and term.text not in wrong and alike > score:
                best, score = term.text, alike
    return best


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _english(right: str, match: Match, text: str, stands: str) -> tuple[str, bool]:
    plural = _is_plural(stands) and not _is_plural(match.term.text)
    written = _as_lettered(right, stands, match.term.text)
    before = text[: match.start].rstrip()
    article = re.search(r"\b([Aa]n?)$", before)
    sounds = bool(_VOWEL.match(written)) == bool(_VOWEL.match(stands))
    return written, not plural and (article is None or sounds)


def _is_plural(phrase: str) -> bool:
    head = re.split(r" (?:of|for|on|in|between|with|to)\b", phrase)[0].split()[-1:]
    return bool(head) and head[0].endswith("s") and not head[0].endswith("ss")


def _as_lettered(right: str, stands: str, term: str) -> str:
    """Give a form the capitals that stand there: of a title, or of the first word only."""
    letters = [c for c in stands if c.isalpha()]
    if len(letters) > 6 and all(c.isupper() for c in letters):
        return right.upper()
    words = [w for w in re.findall(r"[^\W\d_]+", stands) if w.lower() not in _SMALL]
    own = [w for w in re.findall(r"[^\W\d_]+", term) if w.lower() not in _SMALL]
    if (
        len(words) > 1
        and all(w[0].isupper() for w in words)
        and not all(w[0].isupper() for w in own)
    ):
        return re.sub(
            r"[^\W\d_]+(?:['’][a-z]+)?",
            lambda w: w[0] if w[0].lower() in _SMALL else w[0][0].upper() + w[0][1:],
            right,
        )
    if stands[:1].isupper() and not term[:1].isupper():
        return right[:1].upper() + right[1:]
    return right


def _russian(right: str, match: Match, text: str, stands: str) -> tuple[str, bool]:
    case, sure = _case(match, text, right)
    if case is None:
        return "", False
    form = ru_forms.inflect(right, case) if case != "nom" else right
    if form is None:
        return "", False
    if stands[:1].isupper() and not match.term.text[:1].isupper():
        form = form[:1].upper() + form[1:]
    if stands.isupper():
        form = form.upper()
    same = ru_forms.gender(right) == ru_forms.gender(match.term.text)
    return form, sure and (same or _stands_alone(match, text, case))


def _case(match: Match, text: str, right: str) -> tuple[str | None, bool]:
    """Return the case a match stands in, and whether it is the only one it can stand in."""
    cases = cases_in(match, text)
    before = text[max(0, match.start - 60) : match.start]
    if "loc" in cases and len(cases) > 1:
        # There is no prepositional without its preposition, a word or two before.
        near = re.findall(r"[\w-]+", re.split(r"[.,;:!?]", before)[-1].lower())[-3:]
        if not _LOCATIVE.intersection(near):
            cases.discard("loc")
        elif near and near[-1] in _LOCATIVE:
            cases &= {"loc", "acc"}
    if len(cases) > 1 and len({ru_forms.inflect(right, case) for case in cases}) == 1:
        return sorted(cases)[0], True
    if len(cases) == 1:
        return next(iter(cases)), True
    if _folded(text[match.start : match.end]) == _folded(match.term.text) and "nom" in cases:
        # As the glossary has it: a subject or an object, which most nouns do not tell apart.
        return "nom", ru_forms.inflect(right, "acc") == right
    last = _WORD_BEFORE.search(before)
    word = _folded(last[1]) if last else ""
    if "dat" in cases and _DATIVE.match(word):
        return "dat", True
    if "gen" in cases and any(r.kind == "NOUN" for r in agreement.readings(word)):
        return "gen", False
    for case in ("acc", "nom", "dat", "ins"):
        if case in cases:
            return case, False
    return None, False


# What goes before a prepositional, and what governs a dative.
_LOCATIVE = frozenset(("в", "во", "на", "о", "об", "обо", "при"))
_DATIVE = re.compile(
    r"(?:привержен|верн(?:ость|ы$|а$|о$|ый)|соответств|содейств|способств|следова|следу|благодаря$"
    r"|согласно$|вопреки$|препятств|противореч|отвеча|к$|ко$|уделя|поддержк?у?$)"
)


def _stands_alone(match: Match, text: str, case: str) -> bool:
    """Say whether no word beside agrees with the phrase in gender and number."""
    before = _WORD_BEFORE.search(text[max(0, match.start - 40) : match.start])
    if before and any(r.kind in _AGREEING for r in agreement.readings(_folded(before[1]))):
        return False
    after = _WORD_AFTER.match(text[match.end : match.end + 40])
    if after and any(r.kind in _DEPENDENT for r in agreement.readings(_folded(after[1]))):
        return False
    # A subject has its verb somewhere: «партнёрство между странами крепнет».
    return case != "nom"


def _folded(word: str) -> str:
    return word.lower().replace("ё", "е")


def name(right: str, stands: str, lang: str) -> str:
    """Return a person's name in the case in which a misspelt one stands."""
    if lang != "ru":
        return right
    forms = {ru_forms.inflect(right, case) or right for case in ru_forms.CASES}
    ending = _folded(stands)

    def unlike(form: str) -> tuple[int, str]:
        ours = _folded(form)
        alike = 0
        while alike < min(len(ours), len(ending)) and ours[-1 - alike] == ending[-1 - alike]:
            alike += 1
        return -alike, form

    return min(forms | {right}, key=unlike)
