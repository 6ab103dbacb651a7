"""Passages that one version has in another place.

Beads rise in all versions, so a passage that one version moved lies in two beads, each lacking
what the other has. Two such beads belong together if each is the other's nearest by far.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from toolkit import encoder as encoders
from toolkit.align.beads import Alignment, Bead

_NEAR = 0.55  # cosine; the lower half of true pairs of zh and ru lies around it
_MARGIN = 0.1  # over the next nearest, from both
_STRETCH = 0.9  # logarithm of the ratio of lengths, the usual one set apart
_MOST = 400  # beads that lack a language; where there are more, texts differ and nothing moved


def mark_moved(alignment: Alignment, encoder: encoders.Encoder) -> Alignment:
    """Return the alignment with the beads of moved passages pointing at each other."""
    langs = alignment.langs
    lacking = [
        number
        for number, bead in enumerate(alignment.beads)
        if not all(bead.side(lang) for lang in langs)
        and any(map(str.isalnum, "".join(alignment.texts(bead).values())))
    ]
    if not 2 <= len(lacking) <= _MOST:
        return alignment
    near = _likeness(alignment, lacking, encoder)
    beads = list(alignment.beads)
    for one, other in _mutual(near):
        first, second = lacking[one], lacking[other]
        if second - first > 1:  # side by side nothing has moved
            beads[first] = replace(beads[first], moved=second)
            beads[second] = replace(beads[second], moved=first)
    return replace(alignment, beads=tuple(beads))


def _likeness(
    alignment: Alignment, numbers: Sequence[int], encoder: encoders.Encoder
) -> np.ndarray:
    """Return the cosines of beads that have no language in common, and -1 for others."""
    beads = [alignment.beads[number] for number in numbers]
    present = np.array([[bool(bead.side(lang)) for lang in alignment.langs] for bead in beads])
    vectors, sizes = [], []
    for place in range(len(alignment.langs)):
        texts = [_text(alignment, bead, alignment.langs[place]) for bead in beads]
        vectors.append(encoder.encode(texts) * present[:, place, None])
        scale = 2.7 if alignment.langs[place] == "zh" else 1.0
        sizes.append([scale * max(1, len(text)) for text in texts])
    mean = sum(vectors)
    mean = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
    length = np.log((np.array(sizes).T * present).sum(axis=1) / present.sum(axis=1))
    apart = ~(present.astype(int) @ present.T.astype(int)).astype(bool)
    apart &= np.abs(length[:, None] - length[None]) < _STRETCH
    return np.where(apart, mean @ mean.T, -1.0)


def _text(alignment: Alignment, bead: Bead, lang: str) -> str:
    return alignment.texts(bead)[lang]


def _mutual(near: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of which each is the other's nearest by a margin."""
    result = []
    best = near.argmax(axis=1)
    for one, other in enumerate(best.tolist()):
        if one < other and best[other] == one and near[one, other] >= _NEAR:
            rest = np.concatenate([np.delete(near[one], other), np.delete(near[other], one)])
            if near[one, other] - rest.max() >= _MARGIN:
                result.append((one, other))
    return result
