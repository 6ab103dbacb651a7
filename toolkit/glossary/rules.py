"""The rules of the check: a stable code, a severity, and why the rule exists.

T: terms. N: numbers. D: dates. P: persons and offices. X: what one version says alone.
S: suppressions.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the check: its severity as a rule, a title, why it exists, a right and a wrong."""

    severity: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""


RULES = {
    "T001": Rule(
        "error",
        "forbidden form",
        "A form the glossary forbids, in any inflection, where the country it is forbidden for is "
        "the one spoken of. Not flagged inside a longer right name, in the title of a work, "
        "between quotation marks of its own, or where it is denied.",
        "中俄新时代全面战略合作伙伴关系",
        "中俄新时代全面战略协作伙伴关系",
    ),
    "T002": Rule(
        "warning",
        "outdated form",
        "A form marked deprecated, or approved once but not on the day of the dispatch. Not "
        "flagged in a sentence that names a year when it was in use.",
    ),
    "T003": Rule(
        "warning",
        "form before its time",
        "A form that was not yet in use on the day of the dispatch.",
    ),
    "T004": Rule(
        "warning",
        "phrase of another country",
        "A fixed phrase bound to one country, in a passage and a dispatch that speak of another.",
    ),
    "T101": Rule(
        "warning",
        "equivalent missing",
        "A concept stands in one language and none of its approved equivalents in another version "
        "of the same passage, nor across the border to the passages beside it. A person or place "
        "named once in the version is enough; formulas, countries and wordings of one version in "
        "three are notes, shown with --all.",
    ),
    "T102": Rule(
        "error",
        "another concept in its place",
        "Versions of one passage name different concepts of one family: another rung of the "
        "partnership ladder, or (a warning) a principle for a policy. With three versions, two "
        "outvote one.",
        "中俄新时代全面战略协作伙伴关系 / comprehensive strategic partnership of coordination",
        "… comprehensive strategic partnership of coordination for a new era",
    ),
    "N101": Rule(
        "error",
        "another figure",
        "Versions of one passage have different figures in one place, by value: 2448亿 is "
        "244.8 billion and 244,8 млрд, 第二十九 is 29th and XXIX. A figure rounded behind “about” "
        "is the same figure. With three versions, two outvote one. Numerals below ten in words "
        "give a warning.",
        "2448亿美元 / 248.4 billion U.S. dollars",
        "2448亿美元 / 244.8 billion U.S. dollars",
    ),
    "N102": Rule(
        "error",
        "another unit",
        "One number counts different things: dollars in one version and yuan in another, percent "
        "in one and tonnes in another, or percent and percentage points (a warning). Units of one "
        "measure are converted first.",
        "2448亿美元 / 244,8 млрд юаней",
        "2448亿美元 / 244,8 млрд долл. США",
    ),
    "N103": Rule(
        "warning",
        "figure missing",
        "Two of three versions have a figure which the third has neither here nor in a passage "
        "beside. Figures in brackets and inside titles may be left out.",
    ),
    "N104": Rule(
        "error",
        "rise and fall",
        "A figure is said to rise in one version and to fall in another. Only the word right at "
        "the figure counts; a decline that narrows is neither.",
        "增长9.4% / снизился на 9,4%",
        "增长9.4% / вырос на 9,4%",
    ),
    "D101": Rule(
        "error",
        "another date",
        "Versions of one passage name different days, months, years or hours in one place. A day "
        "without its month takes it from the text or the dispatch, a year from “this year”.",
        "11月2日 / Nov. 3",
        "11月2日 / Nov. 2",
    ),
    "D102": Rule(
        "error",
        "weekday and date disagree",
        "A weekday is not that of the date another version names, or of the date beside it, by "
        "the calendar of the year of the dispatch.",
        "2025年11月2日 / Saturday",
        "2025年11月2日 / Sunday",
    ),
    "D103": Rule(
        "info",
        "date not comparable",
        "A date stands where another version says “last month”, “yesterday” or 近日: neither "
        "right nor wrong, since only the day of the dispatch makes it a date. Shown with --all.",
    ),
    "D104": Rule(
        "warning",
        "date missing",
        "Two of three versions have a date which the third has neither here nor beside.",
    ),
    "D105": Rule(
        "error",
        "no such day",
        "A day that no calendar has: Feb. 30, 31 июня, or Feb. 29 of a year without it.",
        "2月30日",
        "2月28日",
    ),
    "P101": Rule(
        "error",
        "another name",
        "A person's name is spelt otherwise than the other versions have it. Chinese names are "
        "compared by pinyin and the Palladius system (何立峰, He Lifeng, Хэ Лифэн), others by the "
        "glossary of names and by transliteration.",
        "何立峰 / Хэ Лифэнь",
        "何立峰 / Хэ Лифэн",
    ),
    "P102": Rule(
        "warning",
        "office under another name",
        "An office has a name the glossary forbids for it, above all that of another country: "
        "副总理 is Vice Premier for China and Deputy Prime Minister for Russia, 总理 Premier for "
        "China and Prime Minister for Russia. A warning, since news texts take liberties.",
        "Russian Vice Premier Dmitry Chernyshenko",
        "Russian Deputy Prime Minister Dmitry Chernyshenko",
    ),
    "P103": Rule(
        "warning",
        "name missing",
        "Two of three versions name a person whom the third names nowhere.",
    ),
    "X100": Rule(
        "info",
        "sentence in one version only",
        "A sentence that another version does without: none of its figures stands there, and it "
        "has sentences enough. Shown with --all.",
    ),
    "X101": Rule(
        "warning",
        "figure in one version only",
        "A figure stands in one version alone. It may have been left out of the others or added "
        "here; nothing says that it is wrong.",
    ),
    "X102": Rule(
        "warning",
        "date in one version only",
        "A date stands in one version alone, and no word for it in the others.",
    ),
    "X103": Rule(
        "warning",
        "name in one version only",
        "A person is named in one version alone.",
    ),
    "S001": Rule(
        "warning",
        "suppression of no use",
        "A suppression in a text or a table that suppresses nothing: what it was for is mended.",
    ),
    "S002": Rule(
        "error",
        "suppression without a reason",
        "A suppression must say why, so that the next reader can judge; without a reason it does "
        "not hold.",
        "# tongwen: ignore T001",
        "# tongwen: ignore T001 -- title of an article of 2014",
    ),
    "S003": Rule(
        "warning",
        "suppression out of date",
        "A suppression of a table was to hold until a day that has passed; it holds no more.",
    ),
}
