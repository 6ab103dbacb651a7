"""Names and tags of languages as other programs write them: zh-Hans, ru_RU, English (US), 俄文."""

import re

from toolkit.languages import LANGS

# BCP 47 tags that the programs in question expect for our languages.
REGIONAL = {"zh": "zh-CN", "ru": "ru-RU", "en": "en-US"}

_ALIASES = {
    "zh": "zh", "zho": "zh", "chi": "zh", "cmn": "zh", "chn": "zh", "cn": "zh", "zhs": "zh",
    "zht": "zh", "chs": "zh", "cht": "zh", "chinese": "zh", "mandarin": "zh", "китайский": "zh",
    "кит": "zh", "中文": "zh", "汉语": "zh", "漢語": "zh", "中": "zh", "华语": "zh", "華語": "zh",
    "简体中文": "zh", "簡體中文": "zh", "繁体中文": "zh", "繁體中文": "zh", "中文简体": "zh",
    "中文繁體": "zh", "普通话": "zh",
    "ru": "ru", "rus": "ru", "russian": "ru", "русский": "ru", "рус": "ru", "俄文": "ru",
    "俄语": "ru", "俄語": "ru", "俄": "ru", "俄罗斯语": "ru",
    "en": "en", "eng": "en", "english": "en", "английский": "en", "англ": "en", "英文": "en",
    "英语": "en", "英語": "en", "英": "en",
}  # fmt: skip
_TRADITIONAL = {"tw", "hk", "mo", "hant", "traditional", "zht", "cht"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


def language(tag: str) -> str | None:
    """Return zh, ru or en for a tag or name of any make; None for another language or a word."""
    text = tag.strip().strip("\ufeff").lower()
    whole = re.sub(r"\s+(?:язык|term|термин|术语)$", "", text)
    if whole in _ALIASES:
        return _ALIASES[whole]
    if _TAG.fullmatch(text):
        return _ALIASES.get(re.split("[-_]", text)[0])
    # English_United_States, Chinese (PRC), Russian - Russia, Chinese, Simplified
    found = re.match(r"([^\W\d_]+)\s*(?:[_(/,–—-]\s*[\w ()./-]*)$", text)
    if found and len(found[1]) > 3:
        return _ALIASES.get(found[1])
    return None


def is_code(text: str) -> bool:
    """Say whether a text is a language tag (of any language): en, zh-Hant, pt_BR."""
    text = text.strip()
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_](?:[A-Za-z]{4}|[A-Za-z]{2}|[0-9]{3})){0,2}", text):
        return False
    return language(text) is not None or text[:2].lower() in _OTHERS and len(text) != 3


def is_traditional(tag: str) -> bool:
    """Say whether a Chinese tag stands for traditional characters."""
    return language(tag) == "zh" and bool(
        _TRADITIONAL & set(re.split(r"[^a-z]+", tag.strip().lower()))
    )


def code(lang: str, *, regional: bool) -> str:
    """Return the tag of one of our languages: ``zh`` or ``zh-CN``."""
    if lang not in LANGS:
        raise ValueError(f"unknown language {lang!r}")
    return REGIONAL[lang] if regional else lang


# Two-letter codes of languages whose columns and entries are met beside ours and left out.
_OTHERS = frozenset(
    "ar be bg bs ca cs cy da de el es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko ky "
    "lt lv mk mn ms mt nb nl nn no pl pt ro sk sl sq sr sv sw tg th tk tr uk ur uz vi".split()
)
