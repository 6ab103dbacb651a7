"""Draft with a model that knows nothing of placeholders: guard it, lead it, tell what is open."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.glossary.match import Matcher
from toolkit.languages import NAMES, detect
from toolkit.translate import guard, soundness
from toolkit.translate.constraints import Masked
from toolkit.translate.enforce import Enforced, Enforcer
from toolkit.translate.engine import Engine
from toolkit.translate.soundness import Sound
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
        # A long text made in parts is not led: the model cannot hold it whole.
        enforced = Enforced(made.text, made.score, ())
        if sound.parts == 1:
            enforced = self.enforcer().enforce(masked, text, made, wants)
        line = " ".join(enforced.text.split())
        doubts = [*guard.figure_differences(text, line, self.source, self.target, self.matcher,
                                            self.day), *sound.faults]  # fmt: skip
        if enforced.score < made.score - _UNLIKELY:
            doubts.append(
                "the phrases had to be forced in: the model finds the whole unlikely"
                f" ({made.score:.2f} without, {enforced.score:.2f} with them)"
            )
        if made.unknown:
            doubts.append("the text has signs that the model does not know")
        notes = (f"translated in {sound.parts} parts",) if sound.parts > 1 else ()
        return Said(enforced, tuple(dict.fromkeys(doubts)), "", notes)
