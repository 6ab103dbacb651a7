"""Measure the translation engine against a bare ``translate_batch`` and against Argos Translate.

    python tests/bench/translate.py [--rounds 3] [--sentences 500] [--long 50000]
    TONGWEN_ARGOS_PYTHON=/path/to/python python tests/bench/translate.py

Figures are ratios of times of the same sentences, model and machine, taken in turns; absolute ones
depend on what else the machine does. Argos Translate runs in its own Python (with its sentence
splitter set to one sentence a line, since it fetches one otherwise); without it that part is left
out. ``--long`` lets so many sentences pass patterns, model and gate, and prints the memory held;
each draft is kept until the end. Terms: `terms.py`.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit import corpus
from toolkit.encoder import default
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Translator
from toolkit.translate.engine import Engine, starter
from toolkit.translate.models import argos, packages


def stock(folder: Path) -> Path:
    """Return the shipped model as one of another make: one mark in its vocabulary renamed."""
    shutil.copytree(starter(), folder)
    path = folder / "shared_vocabulary.json"
    pieces = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(["▁9" if p == "<9>" else p for p in pieces]), encoding="utf-8")
    (folder / "known.txt.gz").unlink()
    return folder


def sentences(lang: str, count: int) -> list[str]:
    """Return so many different sentences: those of the dispatches, then numbered copies."""
    texts = list(dict.fromkeys(unit[lang] for unit in corpus.triples() if lang in unit))
    return [
        texts[n % len(texts)] if n < len(texts) else f"{texts[n % len(texts)]}（{n}）"
        for n in range(count)
    ]


def bare(engine: Engine, texts: list[str], source: str, target: str) -> float:
    """Time a plain script: encode, one translate_batch, decode."""
    before, prefix, after = engine._frame(source, target)
    encode, decode = engine._processors
    begun = time.perf_counter()
    pieces = [[*before, *encode.encode(text, out_type=str), *after] for text in texts]
    results = engine._translator.translate_batch(
        pieces, target_prefix=[prefix] * len(pieces) if prefix else None, beam_size=4,
        max_batch_size=1024, batch_type="tokens",
    )  # fmt: skip
    [decode.decode(result.hypotheses[0]) for result in results]
    return time.perf_counter() - begun


def throughput(engine: Engine, count: int, rounds: int) -> None:
    texts = sentences("zh", count)
    engine.translate(texts[:8], "zh", "en")
    ratios = []
    for number in range(rounds):
        begun = time.perf_counter()
        engine.translate(texts, "zh", "en")
        ours = time.perf_counter() - begun
        plain = bare(engine, texts, "zh", "en")
        ratios.append(plain / ours)
        print(f"round {number + 1}: engine {count / ours:.0f}, bare {count / plain:.0f} sent/s")
    print(f"engine / bare translate_batch: {statistics.median(ratios):.0%} (wanted: 90 % or more)")


def memory(count: int) -> None:
    """Print what the process holds while so many different sentences pass the whole translator."""

    def held() -> float:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() / 1e6

    texts = list(dict.fromkeys(
        text for text in sentences("zh", 8 * count) if len(text) < 40
    ))[:count]  # fmt: skip
    last = 0

    def progress(done: int, total: int) -> None:
        nonlocal last
        if done - last >= count // 10 or done == total:
            last = done
            print(f"memory: {held():.0f} MB after {done:,} of {total:,} sentences", flush=True)

    translator = Translator(
        "zh", "ru", Matcher(load()), Engine(starter()), encoder=default(), beam=1,
        progress=progress,
    )  # fmt: skip
    translator.translate(texts)


_ARGOS = r"""
import sys, types, json, time
try:
    import stanza
except ImportError:
    sys.modules["stanza"] = types.ModuleType("stanza")
import argostranslate.package, argostranslate.translate, argostranslate.sbd as sbd
sbd.MiniSBDSentencizer.__init__ = lambda self, pkg: setattr(self, "pkg", pkg)
sbd.MiniSBDSentencizer.split_sentences = lambda self, text: [text]
argostranslate.package.install_from_path(sys.argv[1])
translation = argostranslate.translate.get_translation_from_codes("zh", "en")
lines = json.load(open(sys.argv[2], encoding="utf-8"))
translation.translate(lines[0])
begun = time.perf_counter()
translation.translate("\n".join(lines))
print(time.perf_counter() - begun)
"""


def against_argos(folder: Path, engine: Engine, count: int, rounds: int) -> None:
    python = os.environ.get("TONGWEN_ARGOS_PYTHON", "")
    if not python:
        print("Argos Translate: left out, TONGWEN_ARGOS_PYTHON names no Python that has it")
        return
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        archive = root / "zh-en.argosmodel"
        argos.write(folder, packages.describe(folder), "zh", "en", archive, "stock")
        texts = sentences("zh", count)
        (root / "lines.json").write_text(json.dumps([f"<2en> {t}" for t in texts]), "utf-8")
        environment = {**os.environ, "ARGOS_PACKAGES_DIR": str(root / "a"),
                       "XDG_DATA_HOME": str(root / "d"), "XDG_CACHE_HOME": str(root / "c"),
                       "XDG_CONFIG_HOME": str(root / "e")}  # fmt: skip
        ratios = []
        for _ in range(rounds):
            done = subprocess.run(
                [python, "-c", _ARGOS, str(archive), str(root / "lines.json")],
                capture_output=True, text=True, env=environment,
            )  # fmt: skip
            if done.returncode:
                print(f"Argos Translate failed: {done.stderr[-300:]}", file=sys.stderr)
                return
            theirs = float(done.stdout.splitlines()[-1])
            begun = time.perf_counter()
            engine.translate(texts, "zh", "en")
            ours = time.perf_counter() - begun
            ratios.append(theirs / ours)
            print(f"Argos Translate {theirs:.2f} s, engine {ours:.2f} s for {count} sentences")
        times = statistics.median(ratios)
        print(f"faster than Argos Translate: {times:.1f} x (wanted: 3 or more)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--long", type=int, default=0, help="sentences of the memory test")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = stock(Path(name) / "stock")
        engine = Engine(folder)
        throughput(engine, options.sentences, options.rounds)
        against_argos(folder, engine, options.sentences, options.rounds)
        if options.long:
            memory(options.long)


if __name__ == "__main__":
    main()
