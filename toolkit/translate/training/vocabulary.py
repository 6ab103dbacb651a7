"""Learn the joint subword vocabulary, and list the words a model has met."""

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from toolkit.translate.gate import words
from toolkit.translate.symbols import SYMBOLS
from toolkit.translate.training.data import Example


def learn(texts: Iterable[str], path: Path, size: int = 8000) -> None:
    """Train a SentencePiece BPE model and write it to ``path``.

    BPE keeps frequent words whole; unigram cut ``that`` into ``tha|t`` on this narrow register.
    Identity normalisation: NFKC would turn ，。 into ASCII, and the engine prepares texts itself.
    """
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(path.with_suffix("")),
        vocab_size=size,
        model_type="bpe",
        character_coverage=1.0,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        pad_id=0,
        unk_id=1,
        bos_id=2,
        eos_id=3,
        user_defined_symbols=list(SYMBOLS),
        num_threads=1,
        hard_vocab_limit=False,
        minloglevel=2,
    )


def known(examples: Iterable[Example], least: int = 3) -> dict[str, list[str]]:
    """Return, by language, the words (zh: character pairs) met at least ``least`` times."""
    counts: dict[str, Counter[str]] = {}
    for item in examples:
        counts.setdefault(item.source_lang, Counter()).update(words(item.source, item.source_lang))
    return {
        lang: sorted(word for word, count in counter.items() if count >= least)
        for lang, counter in sorted(counts.items())
    }


def write_known(lists: dict[str, Sequence[str]], path: Path) -> None:
    """Write the lists, one language a line, compressed and reproducible byte for byte."""
    lines = [f"{lang}\t{' '.join(entries)}\n" for lang, entries in sorted(lists.items())]
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def corpus(examples: Iterable[Example], seed: int = 0) -> list[str]:
    """Return the texts a vocabulary is learnt from, symbols out: SentencePiece adds those itself.

    Chinese comes in scraps of one to four characters. Whole clauses would become single pieces,
    and a model that knows 双方共同努力 as one sign learns nothing about 双方 or 努力 from it.
    """
    texts = dict.fromkeys(
        (text, lang)
        for item in examples
        for text, lang in ((item.source, item.source_lang), (item.target, item.target_lang))
    )
    chance = random.Random(seed)
    lines = []
    for text, lang in texts:
        plain = re.sub(r"<[^<> ]{1,3}>", " ", text)
        lines.append(scraps(plain, chance) if lang == "zh" else plain)
    return lines


def scraps(text: str, chance: random.Random) -> str:
    """Cut Chinese into scraps of at most four characters, with spaces."""
    pieces, start = [], 0
    while start < len(text):
        end = start + chance.choice((1, 2, 2, 2, 3, 4))
        pieces.append(text[start:end])
        start = end
    return " ".join(pieces)
