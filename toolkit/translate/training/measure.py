"""Measure a model as the program uses it: masked, translated, filled, judged."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sacrebleu

from toolkit import encoder
from toolkit.glossary import store
from toolkit.glossary.match import Matcher
from toolkit.languages.ru_forms import CASES, inflect
from toolkit.score import metrics
from toolkit.translate import constraints, gate
from toolkit.translate.engine import Engine, Hypothesis
from toolkit.translate.symbols import TARGET_GROUP
from toolkit.translate.training import data


@dataclass(frozen=True, slots=True)
class Judged:
    """One segment: what was made of it, and everything the gate looks at."""

    source: str
    output: str
    hypothesis: Hypothesis
    verdict: gate.Verdict
    cosine: float
    unknown: int
    sense: int
    slots: tuple[constraints.Slot, ...] = ()

    @property
    def estimate(self) -> float:
        """How likely it is right by the gate's signals, whatever rules it breaks."""
        return gate.estimate(
            gate.Signals(
                self.hypothesis.score, self.cosine, self.hypothesis.channel, self.unknown,
                self.sense,
            )
        )  # fmt: skip


def judged(
    texts: Sequence[str], source: str, target: str, engine: Engine, matcher: Matcher
) -> list[Judged]:
    """Translate and judge texts; the cosine is always computed, asked for or not."""
    known = engine.known(source)
    masked = [
        constraints.mask(text, source, target, matcher, known=known) for text in texts
    ]
    hypotheses = engine.translate([item.text for item in masked], source, target)
    filled = [
        constraints.unmask(hypothesis.text, item, matcher)
        for hypothesis, item in zip(hypotheses, masked, strict=True)
    ]
    vectors = encoder.default().encode([*texts, *(item.text for item in filled)])
    cosines = (vectors[: len(texts)] * vectors[len(texts) :]).sum(axis=1)
    results = []
    for text, item, hypothesis, output, cosine in zip(
        texts, masked, hypotheses, filled, cosines, strict=True
    ):
        verdict = gate.judge(
            item.text,
            hypothesis.text,
            hypothesis.score,
            source,
            target,
            channel=hypothesis.channel,
            known=engine.known(source),
            similarity=lambda cosine=cosine: float(cosine),
        )
        reasons = (*filter(None, [item.problem]), *output.problems, *verdict.reasons)
        results.append(
            Judged(
                text,
                output.text,
                hypothesis,
                gate.Verdict(not reasons, reasons),
                float(cosine),
                len(gate.unknown_words(item.text, source, known or ())) if known else 0,
                len(gate.senses(item.text, hypothesis.text, source, target)),
                item.slots,
            )
        )
    return results


def report(
    folder: Path,
    sentences: Path,
    news: Path | None = None,
    glossaries: Sequence[str | Path] | None = None,
) -> Iterator[str]:
    """Yield lines: BLEU, chrF2++ and chrF, gate off and on, six directions.

    Args:
        sentences: Written sentences, of which those held out are measured on; or a file of five
            columns (id, kind, zh, ru, en), all of it.
        news: JSON lines with lists of sentences under zh, ru, en: out of register, to be refused.
    """
    engine, matcher = Engine(folder), Matcher(store.load(glossaries))
    held = _rows(sentences)
    outside: dict[str, list[str]] = {lang: [] for lang in data.LANGS}
    if news is not None:
        for line in news.read_text(encoding="utf-8").splitlines():
            for lang, texts in json.loads(line).items():
                if lang in outside:
                    outside[lang].extend(texts)
    for source, target in data.directions():
        texts = [row[data.LANGS.index(source)] for row in held]
        references = [row[data.LANGS.index(target)] for row in held]
        made = judged(texts, source, target, engine, matcher)
        shown = [number for number, item in enumerate(made) if item.verdict.ok]
        line = f"{source}-{target}\t{len(held)} sentences: "
        line += _scores([item.output for item in made], references, target)
        line += f"\tshown {len(shown)}: "
        line += _scores(
            [made[n].output for n in shown], [references[n] for n in shown], target
        )
        kept, told, right = marks(made, references, target)
        line += f"\tmarks kept {kept:.1%}, as in the reference {right:.1%} of {told}"
        if outside[source]:
            refused = judged(outside[source], source, target, engine, matcher)
            passed = [item for item in refused if item.verdict.ok]
            line += f"\tnews refused {1 - len(passed) / len(refused):.1%} of {len(refused)}"
        yield line


def plain(folder: Path, sentences: Path) -> dict[str, float]:
    """Return chrF of what the model says, gate off, by direction ("zh-ru")."""
    engine, matcher = Engine(folder), Matcher(store.load(None))
    rows, scores = _rows(sentences), {}
    for source, target in data.directions():
        texts = [row[data.LANGS.index(source)] for row in rows]
        known = engine.known(source)
        masked = [constraints.mask(t, source, target, matcher, known=known) for t in texts]
        made = engine.translate([item.text for item in masked], source, target)
        filled = [
            data.prepare(constraints.unmask(h.text, m, matcher).text, target)
            for h, m in zip(made, masked, strict=True)
        ]
        references = [data.prepare(row[data.LANGS.index(target)], target) for row in rows]
        score = sacrebleu.corpus_chrf(filled, [references], word_order=0).score
        scores[f"{source}-{target}"] = score
    return scores


def marks(
    made: Sequence[Judged], references: Sequence[str], target: str
) -> tuple[float, int, float]:
    """Return the share of marks that came back exactly once; then how many of them the reference
    tells (it has the same name or value), and the share of these in the reference's very form.

    A form that differs may be right in another construction, so the last is a lower bound.
    """
    total = kept = told = right = 0
    for item, reference in zip(made, references, strict=True):
        given = Counter(match[1] for match in TARGET_GROUP.finditer(item.hypothesis.text))
        plain = _plain(reference)
        output = _plain(item.output)
        for slot in item.slots:
            total += 1
            if given[str(slot.index)] != 1:
                continue
            kept += 1
            forms = {_plain(slot.form)}
            if target == "ru" and slot.kind in "TPL" and not slot.left:
                forms |= {_plain(inflect(slot.form, case) or "") for case in CASES} - {""}
            known = [form for form in forms if form in plain]
            if known:
                told += 1
                right += any(form in output for form in known)
    return kept / max(total, 1), told, right / max(told, 1)


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е").replace("\u00a0", " ")


def _rows(path: Path) -> list[tuple[str, ...]]:
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = tuple(line.split("\t"))
        if len(cells) == 5 and not line.startswith("#"):
            rows.append(cells[2:])
    return rows or [row for row in data.read_sentences(path) if data.held_out(row)]


def _scores(outputs: Sequence[str], references: Sequence[str], target: str) -> str:
    if not outputs:
        return "-"
    # The references keep their own dashes and quotation marks; the model has one form of each.
    outputs = [data.prepare(text, target) for text in outputs]
    references = [data.prepare(text, target) for text in references]
    bleu = metrics.bleu(outputs, [references], target).score
    chrf = metrics.chrf(outputs, [references], target).score
    plain = sacrebleu.corpus_chrf(outputs, [list(references)], word_order=0).score
    return f"BLEU {bleu:.1f} chrF2++ {chrf:.1f} chrF {plain:.1f}"
