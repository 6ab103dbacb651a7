"""Where a segment can be divided: after its sentences, and after its clauses.

What one language says in one sentence another says in two, and the seam may lie inside a segment:
of «A. B» and «C» against «A» and «B. C» only the place of B tells that the four belong together.
"""

import re

_CLOSING = "”’\"»）)】』」"
_STOP = (
    rf"(?<=[^\W\dA-ZА-ЯЁ])\.+(?=[\s{_CLOSING}])"  # a stop after a small letter: no initial
    rf"|(?<=\d)\.(?=\s)"
)
_TAIL = rf"[{_CLOSING}]{{0,4}}\s{{0,8}}"
_SENTENCE = re.compile(rf"(?:[。！？…；!?;]|{_STOP}){_TAIL}")
_CLAUSE = re.compile(rf"(?:[。！？…；!?;，：:—]|(?<=\w),(?=\s)|\s[–-]\s|{_STOP}){_TAIL}")
_HAN = re.compile("[\u3400-\u9fff]")
_LEAST = 5  # ideographs, or 2.5 letters for each; shorter parts stay with the one before
_MOST = 24  # parts of one segment; what lies between the first and the last ones is one


def ends(text: str) -> tuple[list[int], list[int]]:
    """Return where the sentences and where the clauses of a segment end, the text's end last."""
    return _ends(text, _SENTENCE), _ends(text, _CLAUSE)


def _ends(text: str, mark: re.Pattern[str]) -> list[int]:
    cuts = [0]
    for match in mark.finditer(text):
        if match.end() < len(text) and _size(text, cuts[-1], match.end()) >= _LEAST:
            cuts.append(match.end())
    if len(cuts) > 1 and _size(text, cuts[-1], len(text)) < _LEAST:
        cuts.pop()
    found = [*cuts[1:], len(text)]
    return found if len(found) <= _MOST else found[: _MOST // 2] + found[-_MOST // 2 :]


def _size(text: str, start: int, end: int) -> float:
    if end - start > 60:  # long enough in any script
        return _LEAST
    han = len(_HAN.findall(text, start, end))
    return han + (end - start - han) / 2.5
