"""Text for the terminal, measured in columns: a Han character takes two, a combining mark none."""

import unicodedata

ELLIPSIS = "…"


def _columns(character: str) -> int:
    """Return the columns of one character: 0, 1 or 2 (ambiguous widths count as 1)."""
    if "\u1160" <= character <= "\u11ff":  # Hangul vowels and finals join the syllable before
        return 0
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc", "Zl", "Zp"):
        return 1 if character == "\u00ad" else 0  # terminals show a soft hyphen
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Return the columns ``text`` takes on a terminal."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """Return ``text`` filled up with spaces to ``columns``; a longer one comes back as it is."""
    return text + " " * max(0, columns - width(text))


def clip(text: str, columns: int) -> str:
    """Return ``text`` in at most ``columns`` columns, ending in ``…`` where something was cut."""
    return _clip(text, columns, keep=1)


def _clip(text: str, columns: int, keep: int) -> str:
    """Cut ``text`` to ``columns``: keep its start (``keep`` 1) or its end (``keep`` -1)."""
    # Stop at the first character too many: a segment can be a whole file.
    kept: list[str] = []
    used = 0
    for character in text[::keep]:
        used += _columns(character)
        if used > columns:
            break
        kept.append(character)
    else:
        return text
    used -= _columns(character)
    while kept and used + 1 > columns:
        used -= _columns(kept.pop())
    if columns < 1:
        return ""
    return "".join([*kept, ELLIPSIS][::keep])


def marked_line(line: str, column: int, length: int, limit: int = 100) -> str:
    """Return two lines: ``line``, cut to ``limit`` columns around the fault, and carets under it.

    Args:
        line: The line without its end; tabs and control characters are shown as spaces.
        column: 1-based character (not terminal column) where the fault begins; one past the end
            of the line marks the end.
        length: Characters marked; less than 1 marks one column. A fault longer than ``limit`` is
            marked as far as it is shown.
        limit: Most columns of either line, at least 10.
    """
    start = min(max(column - 1, 0), len(line))
    end = min(start + max(length, 0), len(line))
    # No more of the line is looked at than can be shown; the factor leaves room for marks of no
    # width.
    window = 4 * limit
    before = _plain(line[max(0, start - window) : start])
    fault = _plain(line[start : min(end, start + window)])
    after = _plain(line[end : end + window])
    shown = clip(fault, limit - 2 * width(ELLIPSIS))
    # The fault stands in the middle of a long line; what one side does not need, the other gets.
    room = limit - max(1, width(shown))
    left = _clip(before, max(room // 2, room - width(after)), keep=-1)
    right = clip(after, room - width(left)) if shown == fault else ""
    return f"{left}{shown}{right}".rstrip() + "\n" + " " * width(left) + "^" * max(1, width(shown))


def _plain(text: str) -> str:
    """Return ``text`` with a space for every character that would move the cursor."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
