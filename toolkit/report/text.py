"""Text for the terminal, measured in columns: a Han character takes two, a combining mark none."""

import unicodedata

ELLIPSIS = "…"


def _columns(character: str) -> int:
    """Return the columns of one character: 0, 1 or 2 (ambiguous widths count as 1)."""
    if "\u1160" <= character <= "\u11ff":  # Hangul vowels and finals join the syllable before
        return 0
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc", "Zl", "Zp"):
        return 0 if character != "\u00ad" else 1  # terminals show a soft hyphen
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
    if columns <= 0:
        return ""
    # Look no further than needed: a segment can be a whole file. The second slice is for marks
    # of no width, of which a text can hold any number.
    if len(text) <= 4 * columns and width(text) <= columns:
        return text
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept.append(character)
    else:
        return text
    used = width("".join(kept))
    while kept and used > columns - 1:
        used -= _columns(kept.pop())
    return "".join(kept) + ELLIPSIS


def marked_line(line: str, column: int, length: int, limit: int = 100) -> str:
    """Return two lines: ``line``, cut to ``limit`` columns around the fault, and carets under it.

    Args:
        line: The line without its end; tabs and control characters are shown as spaces.
        column: 1-based character (not terminal column) where the fault begins; one past the end
            of the line marks the end.
        length: Characters marked; less than 1 marks one column. A fault longer than ``limit`` is
            marked as far as it is shown.
        limit: Most columns of either line.
    """
    start = min(max(column - 1, 0), len(line))
    end = min(start + max(length, 0), len(line))
    # A window is enough: characters of no width aside, limit characters fill limit columns.
    left, right = max(0, start - limit), min(len(line), end + limit, start + 2 * limit)
    before, fault, after = (
        "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in part)
        for part in (line[left:start], line[start : min(end, right)], line[min(end, right) : right])
    )
    fault_shown = clip(fault, limit - 2 * width(ELLIPSIS))
    room = limit - width(fault_shown)
    # The fault stands in the middle where the line is long, but neither side leaves room unused.
    before_wanted, after_wanted = width(before), width(after)
    if left:
        before_wanted += limit  # more of the line than the window shows
    if right < len(line):
        after_wanted += limit
    before_room = max(room // 2, room - after_wanted)
    after_room = room - min(before_wanted, before_room)
    shown_before = _clip_left(before, before_room, cut=left > 0)
    shown_after = clip(after, after_room)
    if fault_shown != fault:
        shown_after = ""
    elif right < len(line) and not shown_after.endswith(ELLIPSIS):
        shown_after = clip(shown_after, after_room - 1) + (ELLIPSIS if after_room > 0 else "")
        shown_after = shown_after.replace(ELLIPSIS * 2, ELLIPSIS)
    carets = "^" * max(1, width(fault_shown))
    text = shown_before + fault_shown + shown_after
    return text.rstrip() + "\n" + " " * width(shown_before) + carets


def _clip_left(text: str, columns: int, *, cut: bool) -> str:
    """Return the end of ``text`` in ``columns``, ``…`` first where something is missing before."""
    if not cut and width(text) <= columns:
        return text
    if columns <= 0:
        return ""
    kept, used = [], 1
    for character in reversed(text):
        used += _columns(character)
        if used > columns:
            break
        kept.append(character)
    return ELLIPSIS + "".join(reversed(kept))
