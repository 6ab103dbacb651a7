"""What differs between Chinese, Russian and English: one module a language, the same names in each.

``normalise(text) -> Folded``, ``sentences(text) -> list of (start, end)``,
``tokens(text) -> list of Token``, ``keys(token) -> tuple of comparison keys``.
"""

from importlib import import_module
from types import ModuleType

LANGS = ("zh", "ru", "en")
NAMES = {"zh": "Chinese", "ru": "Russian", "en": "English"}


def module(lang: str) -> ModuleType:
    """Return the module of ``lang``, one of ``LANGS``.

    Raises:
        ValueError: For any other code.
    """
    if lang not in LANGS:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGS)}")
    return import_module(f"toolkit.languages.{lang}")
