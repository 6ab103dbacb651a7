"""Make the starter model: python -m toolkit.translate.training STEP FOLDER."""

import argparse
import sys
from pathlib import Path

from toolkit.translate.patterns.grammar import COLLOCATIONS
from toolkit.translate.training import data, vocabulary

# Share of training done, share of phrases, share of written sentences: from short and regular to
# long and real. Phrases first, since whole sentences teach a beginner fluency and not meaning.
CURRICULUM = ((0.0, 0.5, 0.0), (0.15, 0.1, 0.6), (0.4, 0.05, 0.75))
CHUNK = 6000


def written(options: argparse.Namespace) -> list[data.Example]:
    """Return examples of the written sentences that are not held out."""
    path = options.sentences or data.SENTENCES
    if not path.exists():
        return []
    rows = [row for row in data.read_sentences(path) if not data.held_out(row)]
    rows = rows[: options.first] if options.first is not None else rows
    return data.written_examples(rows, masked=not options.plain, glossaries=options.glossary)


def collocations(options: argparse.Namespace) -> list[data.Example]:
    """Return examples of the collocations, none where there are no written sentences either."""
    if options.first == 0 or not COLLOCATIONS.exists():
        return []
    rows = data.read_sentences(COLLOCATIONS)
    return data.written_examples(rows, masked=not options.plain, glossaries=options.glossary)


def shares(done: float) -> tuple[float, float]:
    """Return the shares of phrases and written sentences when ``done`` of training is over."""
    return next((p, w) for start, p, w in reversed(CURRICULUM) if done >= start)


def make_chunk(
    number: int, done: float, sample: list[data.Example], pieces: list[data.Example]
) -> list[data.Example]:
    phrases, sentences = shares(done)
    return data.chunk(number, CHUNK, sample, sentences, phrases, pieces)


def make_vocabulary(folder: Path, sentences: Path | None, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    examples = list(data.synthetic(0, 15_000))
    rows = data.read_sentences(sentences or data.SENTENCES)
    for row in [*rows, *data.read_sentences(COLLOCATIONS)]:
        zh, ru, en = (data.prepare(t, lang) for t, lang in zip(row, data.LANGS, strict=True))
        examples += [data.Example("zh", "ru", zh, ru), data.Example("en", "ru", en, ru)]
    # Written sentences are few and rich; let their words weigh more than those of the patterns.
    # Every common character is a piece, so that no later sentence falls apart into bytes.
    texts = vocabulary.corpus(examples) + vocabulary.corpus(examples[15_000:], seed=1) * 3
    texts += vocabulary.common_characters()
    vocabulary.learn(texts, folder / "sentencepiece.model", size)


def processor(folder: Path):
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))


def shape(vocabulary_size: int, options: argparse.Namespace):
    from toolkit.translate.training.model import Shape

    width = options.width
    return Shape(
        vocabulary_size, width=width, heads=max(1, width // 64), inner=4 * width,
        encoder_layers=options.layers,
    )  # fmt: skip


def run_curve(folder: Path, options: argparse.Namespace) -> None:
    """Train a small model on each number of written sentences and measure it, gate off.

    All else is the same: vocabulary, grammar, tokens seen. ``folder`` holds the vocabulary.
    """
    import shutil

    from toolkit.translate.training import measure

    for size in map(int, options.sizes.split(",")):
        own = folder / f"first{size}"
        own.mkdir(exist_ok=True)
        shutil.copy(folder / "sentencepiece.model", own)
        options.first = size
        run_training(own, options)
        run_export(own, own / "model", options)
        scores = measure.plain(own / "model", options.evaluation)
        mean = sum(scores.values()) / len(scores)
        told = "  ".join(f"{name} {score:.1f}" for name, score in scores.items())
        print(f"curve: {size} sentences: chrF {mean:.2f}  ({told})", flush=True)


def run_training(folder: Path, options: argparse.Namespace) -> None:
    from toolkit.translate.training import trainer

    pieces = processor(folder)
    sample = written(options)
    short = collocations(options)
    print(f"{len(sample)} examples of sentences, {len(short)} of collocations", flush=True)
    plan = trainer.Plan(
        tokens=int(options.tokens * 1e6),
        cooldown=int(options.cooldown * 1e6),
        threads=options.threads,
    )
    trainer.train(
        lambda number, done: make_chunk(number, done, sample, short),
        lambda texts: pieces.encode(texts),
        shape(pieces.get_piece_size(), options),
        plan,
        folder,
        lambda line: print(line, flush=True),
    )


def run_grow(old: Path, folder: Path) -> None:
    from toolkit.translate.training import trainer

    ours, theirs = processor(folder), processor(old)

    def names(pieces) -> list[str]:
        return [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]

    trainer.grow(old, folder, theirs.encode, names(ours), names(theirs))


def run_export(folder: Path, out: Path, options: argparse.Namespace) -> None:
    from toolkit.translate.training import model, trainer

    pieces = processor(folder)
    network, _ = trainer.load(folder / "checkpoint.pt")
    names = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    model.export(network, names, out, "int8")
    (out / "sentencepiece.model").write_bytes((folder / "sentencepiece.model").read_bytes())
    sample = written(options)
    # A written sentence counts three times: every word of it was chosen by a person.
    chosen = [*sample, *collocations(options)]
    met = [*data.synthetic(1, 60_000), *chosen, *chosen, *chosen]
    vocabulary.write_known(vocabulary.known(met), out / "known.txt.gz")


def make_phrasebook() -> None:
    from toolkit.translate.patterns import written

    for source, target in data.directions():
        rows = list(data.phrasebook(data.SENTENCES, source, target))
        written.write(rows, source, target)
        print(f"{written.path(source, target).name}: {len(rows)} sentences", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="toolkit.translate.training", description=__doc__)
    steps = (
        "vocabulary", "train", "grow", "export", "phrasebook", "measure", "calibrate", "curve"
    )  # fmt: skip
    parser.add_argument("step", choices=steps)
    parser.add_argument("folder", type=Path, nargs="?", help="with checkpoints; measure: a model;"
                        " calibrate: a judged file")
    parser.add_argument("--sentences", type=Path, help="written sentences (default: the shipped)")
    parser.add_argument("--glossary", action="append", help="mask with it (default: the shipped)")
    parser.add_argument("--first", type=int, help="use only so many written sentences")
    parser.add_argument("--plain", action="store_true", help="do not mask written sentences")
    parser.add_argument("--size", type=int, default=12000, help="vocabulary size")
    parser.add_argument("--tokens", type=float, default=8.0, help="target tokens, millions")
    parser.add_argument("--cooldown", type=float, default=2.0, help="of these with falling rate")
    parser.add_argument("--layers", type=int, default=4, help="encoder layers")
    parser.add_argument("--width", type=int, default=256, help="of the model; a multiple of 64")
    parser.add_argument("--sizes", default="500,1000,2000,4000", help="curve: how many sentences")
    parser.add_argument("--evaluation", type=Path, help="curve: a file of five columns")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--news", type=Path, help="JSON lines of texts that must be refused")
    parser.add_argument("--old", type=Path, help="grow: the run to begin from")
    parser.add_argument("--out", type=Path, help="where export writes the model")
    options = parser.parse_args(arguments)
    if options.step == "phrasebook":
        make_phrasebook()
    elif options.folder is None:
        parser.error(f"{options.step} needs a folder")
    elif options.step == "vocabulary":
        make_vocabulary(options.folder, options.sentences, options.size)
    elif options.step == "train":
        try:
            run_training(options.folder, options)
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            sys.exit("training needs PyTorch: install tongwen with the extra 'train'")
    elif options.step == "curve":
        if options.evaluation is None:
            parser.error("curve needs --evaluation")
        run_curve(options.folder, options)
    elif options.step == "calibrate":
        from toolkit.translate.training import calibrate

        for line in calibrate.report(options.folder):
            print(line, flush=True)
    elif options.step == "grow":
        if options.old is None:
            parser.error("grow needs --old")
        run_grow(options.old, options.folder)
    elif options.step == "measure":
        from toolkit.translate.training import measure

        sentences = options.sentences or data.SENTENCES
        for line in measure.report(options.folder, sentences, options.news, options.glossary):
            print(line, flush=True)
    else:
        if options.out is None:
            parser.error("export needs --out")
        run_export(options.folder, options.out, options)


if __name__ == "__main__":
    main()
