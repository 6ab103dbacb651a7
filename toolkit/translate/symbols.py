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
