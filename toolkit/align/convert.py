"""Alignments out of aligned files, so that any format can be written again as any other."""

from collections.abc import Callable, Sequence
from pathlib import Path

from toolkit import markup
from toolkit.align import decided, formats, links, reviewed
from toolkit.align.beads import Alignment, Bead, check_langs
from toolkit.align.rows import AlignedRow
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError
from toolkit.files import read_text


def read(
    path: str, texts: Sequence[Dispatch] = (), note: Callable[[str], None] | None = None
) -> Alignment:
    """Read an aligned file as an alignment.

    Args:
        texts: The two texts, in order, that a ladder or index pairs link.
        note: As in ``formats.read``.

    Raises:
        AlignmentError: If it is no aligned file, has one language, or does not fit the texts.
        FileError, DispatchError: If it, or a text that it names, cannot be read.
    """
    if not texts and (review := decided.review_of(path)):
        return reviewed.alignment(review)
    form = formats.form_of(path)
    if form in links.PARSERS:
        if texts:
            check_langs(texts)
            linked = links.read_numbered(path, form, texts)
            formats.tell(path, linked.notes, note)
            return linked.alignment
    elif texts:
        raise AlignmentError(
            f"{path}: holds its texts, or names them; to find its beads in other texts: "
            f"tongwen align TEXT TEXT --keep {path}"
        )
    elif form == "standoff":
        root = markup.parse(read_text(path).text, path, None, "an XML file", AlignmentError)
        if root.tag.rpartition("}")[2] == "cesAlign":
            linked = links.linked(root, path)
            formats.tell(path, linked.notes, note)
            return linked.alignment
    return of_rows(formats.read(path, note), path)


def of_rows(rows: Sequence[AlignedRow], path: str) -> Alignment:
    """Return an alignment in which each text of a row is one segment.

    Raises:
        AlignmentError: If the rows have one language only.
    """
    langs = list(dict.fromkeys(lang for row in rows for lang, text in row.texts.items() if text))
    if len(langs) < 2:
        raise AlignmentError(f"{path}: holds {' '.join(langs)} only; two languages are needed")
    segments: dict[str, list[Segment]] = {lang: [] for lang in langs}
    starts = dict.fromkeys(langs, 0)
    beads = []
    for number, row in enumerate(rows):
        sides = {}
        for lang in langs:
            if text := row.texts.get(lang):
                sides[lang] = (len(segments[lang]),)
                end = starts[lang] + len(text)
                segments[lang].append(Segment(text, lang, starts[lang], end, number))
                starts[lang] = end + 1
        beads.append(Bead(**sides, confidence=row.confidence, moved=row.moved))
    dispatches = tuple(
        Dispatch(
            Path(path).stem, lang, "\n".join(segment.text for segment in segments[lang]), path,
            "utf-8", tuple(segments[lang]),
        )
        for lang in langs
    )  # fmt: skip
    return Alignment(dispatches, tuple(beads))
