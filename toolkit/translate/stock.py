"""Draft with a model that knows nothing of placeholders: guard it, lead it, tell what is open."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from toolkit.glossary.match import Matcher
from toolkit.languages import NAMES, detect
from toolkit.translate import guard, soundness
from toolkit.translate.constraints import Masked
from toolkit.translate.enforce import Enforced, Enforcer
from toolkit.translate.engine import Engine
from toolkit.translate.soundness import Sound, joint
from toolkit.translate.wants import Want

# A translation so much less likely (mean log-probability per token) with its phrases in is forced.
_UNLIKELY = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a stock model made of a segment; ``refused`` says why it is not believed, "" else."""

    enforced: Enforced
    doubts: tuple[str, ...] = ()
    refused: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Stock:
    """A stock model in one direction.

    Args:
        method: How fixed phrases are placed (``enforce.METHODS``).
    """

    engine: Engine
    source: str
    target: str
    matcher: Matcher
    method: str = "auto"
    day: datetime.date | tuple[int, int] | None = None
    beam: int = 4
    _enforcer: Enforcer | None = field(default=None, init=False, repr=False)

    def enforcer(self) -> Enforcer:
        """Return what leads the model, made when first asked for."""
        if self._enforcer is None:
            self._enforcer = Enforcer(
                self.engine, self.source, self.target, self.matcher, self.method, self.day
            )
        return self._enforcer

    def say(
        self,
        texts: Sequence[str],
        masked: Sequence[Masked],
        wants: Sequence[tuple[Want, ...]] | None = None,
    ) -> Iterator[Said]:
        """Translate segments; one result for each, in order.

        Args:
            wants: What must stand in each translation; None: what each segment's mask says.
        """
        sounds = soundness.translate(self.engine, texts, self.source, self.target, self.beam)
        asked = wants if wants is not None else [None] * len(texts)
        for text, one, sound, want in zip(texts, masked, sounds, asked, strict=True):
            yield self._said(text, one, sound, want)

    def _said(
        self, text: str, masked: Masked, sound: Sound, wants: tuple[Want, ...] | None
    ) -> Said:
        made = sound.hypothesis
        refused = ""
        if not made.text:
            refused = "the model gave nothing"
        elif soundness.copied(text, made.text, self.source, self.target):
            refused = "the model copied the source"
        elif detect(made.text) not in (None, self.target):
            refused = f"the output is not in {NAMES[self.target]}"
        if refused:
            return Said(Enforced(made.text, made.score, ()), (), refused)
        if sound.parts:
            enforced = self._part_by_part(masked, text, sound, wants)
        else:
            enforced = self.enforcer().enforce(masked, text, made, wants)
        line = " ".join(enforced.text.split())
        doubts = [*guard.differences(text, line, self.source, self.target, self.matcher,
                                     self.day), *sound.faults]  # fmt: skip
        if enforced.score < made.score - _UNLIKELY:
            doubts.append(
                "the phrases had to be forced in: the model finds the whole unlikely"
                f" ({made.score:.2f} without, {enforced.score:.2f} with them)"
            )
        if made.unknown:
            doubts.append("the text has signs that the model does not know")
        notes = (f"translated in {len(sound.parts)} parts",) if sound.parts else ()
        return Said(enforced, tuple(dict.fromkeys(doubts)), "", notes)

    def _part_by_part(
        self, masked: Masked, text: str, sound: Sound, wants: tuple[Want, ...] | None
    ) -> Enforced:
        """Lead the model in each part of a text that it could not hold whole."""
        waiting = list(self.enforcer().reader.read(masked, text) if wants is None else wants)
        line, traces, scores, place = "", [], [], 0
        for part, made in sound.parts:
            begun = max(text.find(part, place), place)
            place = begun + len(part)
            # What straddles two parts belongs to the first, which ends with it then.
            own = [want for want in waiting if want.start < place or part is sound.parts[-1][0]]
            waiting = [want for want in waiting if want not in own]
            moved = tuple(
                replace(want, start=max(0, want.start - begun), end=max(1, want.end - begun))
                for want in own
            )
            one = self.enforcer().enforce(masked, part, made, moved)
            line += joint(self.target) if line else ""
            traces += one.moved(len(line))
            scores.append(one.score)
            line += one.text
        return Enforced(line, sum(scores) / len(scores), tuple(traces))
