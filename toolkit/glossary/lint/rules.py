"""The rules of lint: a stable code, a severity, why the rule exists, whether lint can mend it.

G0: how cells are written. G1: concepts beside each other. G2: Russian. G3: the matcher.
G4: sources, dates and countries.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of lint; ``mends`` says that ``--fix`` repairs it, where there is one way to."""

    severity: str
    title: str
    explanation: str
    mends: bool = False


RULES = {
    "G001": Rule("error", "row not understood", "The row is no glossary row; nothing reads it."),
    "G002": Rule(
        "error", "invisible character",
        "Zero-width and control characters, soft hyphens, marks of direction: nobody sees them "
        "and nothing matches with them.", True,
    ),
    "G003": Rule(
        "warning", "stray space",
        "Spaces around a cell, two in a row, no-break ones, one before a comma, one between Han "
        "characters.", True,
    ),
    "G004": Rule(
        "warning", "not composed",
        "A letter written as two characters (not in Unicode's form NFC), as и with a breve for "
        "й; or a radical in the place of the character that looks the same.", True,
    ),
    "G005": Rule(
        "error", "letters of another script",
        "A Latin c in a Russian word, a Cyrillic Х in a Roman numeral, Han characters in a "
        "Russian or English term.", True,
    ),
    "G006": Rule(
        "warning", "quotation marks",
        "Chinese and English have “ ”, Russian has « »; a straight mark, one that does not "
        "close, another language's.", True,
    ),
    "G007": Rule(
        "warning", "like a formula",
        "A cell that begins with = + - @ is a formula to a spreadsheet.",
    ),
    "G008": Rule(
        "warning", "full-width letters",
        "Full-width Latin letters and digits; a half-width comma between Han characters.", True,
    ),
    "G101": Rule("warning", "language missing", "A concept without terms in one language."),
    "G102": Rule(
        "error", "no preferred term",
        "A language with terms, none of which is preferred: the glossary cannot be used.",
    ),
    "G103": Rule("error", "two preferred terms", "One language of a concept has two."),
    "G104": Rule(
        "error", "term twice", "A concept has one term twice for the same country and time.",
    ),
    "G105": Rule(
        "warning", "two spellings",
        "Two terms of a concept that are one to the matcher: they differ in ё, hyphens, "
        "quotation marks or letter case.",
    ),
    "G106": Rule(
        "error", "concept twice",
        "Two concepts whose preferred terms are the same in two languages or more.",
    ),
    "G107": Rule(
        "info", "nearly a concept twice",
        "Two concepts whose preferred terms differ by a letter or an ending in each language.",
    ),
    "G108": Rule(
        "warning", "one source, two targets",
        "A form that demands an equivalent in two concepts, for the same countries and time, with "
        "different preferred terms in another language: a translation cannot know which.",
    ),
    "G109": Rule(
        "error", "forbidden here, right there",
        "A form that one concept forbids is an approved form of another, for the same countries "
        "and time.",
    ),
    "G110": Rule(
        "error", "forbidden and approved",
        "A concept forbids and approves one form, for the same countries and time.",
    ),
    "G111": Rule(
        "error", "circle",
        "Concepts that replace each other or are broader than each other in a circle, or forbid "
        "each other's preferred forms.",
    ),
    "G112": Rule("error", "unknown concept", "A relation to a concept that is not there."),
    "G113": Rule(
        "info", "unusual id", "Ids are lower-case letters and digits joined by _.",
    ),
    "G201": Rule(
        "info", "unknown Russian word",
        "A word the dictionary does not have: a misprint, or a name that inflects by guess.",
    ),
    "G202": Rule(
        "warning", "head word unclear",
        "A Russian term whose head word is not found, so that it cannot be put into a case: a "
        "translation must leave it as it is.",
    ),
    "G203": Rule(
        "warning", "not in the nominative",
        "A Russian term that is given in another case than the nominative.",
    ),
    "G301": Rule(
        "error", "not found in its own text",
        "The matcher does not find the term in a text that is the term.",
    ),
    "G302": Rule(
        "warning", "hidden by a weak form",
        "An accept-only form around a full form of its concept silences it: the longest wins.",
    ),
    "G303": Rule(
        "warning", "slots differ",
        "Frames of one concept have another number of slots, or other names for them.",
    ),
    "G304": Rule(
        "warning", "too short to demand",
        "A single character or two letters demand an equivalent wherever they stand; flag the "
        "form accept-only.",
    ),
    "G401": Rule(
        "info", "no source",
        "A term that says neither where it was seen nor that it was not.", True,
    ),
    "G402": Rule(
        "warning", "source unclear", "A source that is neither an address nor a short name.",
    ),
    "G403": Rule(
        "info", "outdated since when", "A deprecated term without the date it ended.",
    ),
    "G404": Rule("warning", "unknown country", "A code in scope that is no country's."),
}  # fmt: skip
