"""The symbols that stand for what a model must not touch, and the texts it reads around them.

A source group is ``<T><2><f>``: class, index in order of appearance, and, into Russian, the
gender of what will be put there (T, P and L only). A target group is ``<2>``, in Russian
``<2><gen>`` (T, P, L, W) or ``<2><n><loc>`` (O).
"""

import re

CLASSES = ("<T>", "<P>", "<L>", "<N>", "<O>", "<D>", "<W>", "<M>", "<%>")
INDEXES = tuple(f"<{number}>" for number in range(1, 10))
GENDERS = ("<m>", "<f>", "<n>", "<p>")
CASES = ("<nom>", "<gen>", "<dat>", "<acc>", "<ins>", "<loc>")
TARGETS = ("<2zh>", "<2ru>", "<2en>")
SYMBOLS = TARGETS + CLASSES + INDEXES + GENDERS + CASES

SOURCE_GROUP = re.compile(r"<([TPLNODWM%])><([1-9])>(?:<([mfnp])>)?")
TARGET_GROUP = re.compile(r"<([1-9])>(?:<([mfnp])>)?(?:<(nom|gen|dat|acc|ins|loc)>)?")

_SPACES = re.compile(r"\s+")
_DASH = re.compile(r" ?(?:--+|[—–―]+) ?")
_ZH_SPACE = re.compile(r"(?<![A-Za-z]) | (?![A-Za-z])")
_WIDTH = str.maketrans(
    {
        **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0x21 + n) not in ",:;!?()<>"},
        ",": "，", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）", "　": "", "「": "“",
        "」": "”", "『": "‘", "』": "’",
    }
)  # fmt: skip
_QUOTES = str.maketrans({c: '"' for c in "«»“”„‟″"} | {c: "'" for c in "‘’‚‛"})


def prepare(text: str, lang: str) -> str:
    """Write a masked text the one way the shipped model has seen it.

    ё becomes е, quotation marks and dashes take one form, spaces become single. Symbols stay.
    """
    if lang == "zh":
        # ASCII < and > belong to the symbols; Chinese text has them full-width or not at all.
        # A space stays only between Latin words; long runs are cut first, to keep this linear.
        return _ZH_SPACE.sub("", _SPACES.sub(" ", text.translate(_WIDTH)).strip())
    text = text.translate(_QUOTES).replace("ё", "е").replace("Ё", "Е")
    return _SPACES.sub(" ", _DASH.sub(" -- ", _SPACES.sub(" ", text))).strip()


def turned(masked_source: str, masked_output: str, source: str) -> str:
    """Write an output as a source, for the way back: its marks get their classes again.

    They are numbered in the output's own order, as the model has met them.
    """
    classes = {match[2]: match[1] for match in SOURCE_GROUP.finditer(masked_source)}
    order: dict[str, int] = {}

    def mark(match: re.Match[str]) -> str:
        kind = classes.get(match[1], "T")
        number = order.setdefault(match[1], len(order) + 1)
        # The gender of a Russian form is not known here; it moves endings, not words.
        return f"<{kind}><{number}>" + ("<m>" if source == "ru" and kind in "TPL" else "")

    return TARGET_GROUP.sub(mark, masked_output)


def mirrored(masked_source: str, masked_output: str, source: str) -> str:
    """Write a source as the target that ``turned(…)`` should lead back to.

    A mark that the output has not is numbered <9>. Russian cases are not known here: where the
    source is Russian its marks stand in the nominative.
    """
    order: dict[str, int] = {}
    for match in TARGET_GROUP.finditer(masked_output):
        order.setdefault(match[1], len(order) + 1)

    def mark(match: re.Match[str]) -> str:
        cased = source == "ru" and match[1] in "TPLW"
        return f"<{order.get(match[2], 9)}>" + ("<nom>" if cased else "")

    return SOURCE_GROUP.sub(mark, masked_source)
