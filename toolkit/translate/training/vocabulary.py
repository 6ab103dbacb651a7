"""Learn the joint subword vocabulary, and list the words a model has met."""

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from toolkit.translate.gate import keys, words
from toolkit.translate.symbols import SYMBOLS
from toolkit.translate.training.data import Example

# Words of one character; any other character must be met inside a pair.
_ZH_WORDS = frozenset(
    "的了在和与同将对就为是有也还已愿应要须可能不未无由从自向以至到及并等其这该此各都均会上中下内外前后"
    "间里时年月日天次个名位份项家国人方说称道他她我们你它使让把被因而但或若如更最很再又只仅才便则"
    "且当每某两三一二四五六七八九十百千万亿多少余约近超第"
)


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
    """Return, by language, the keys (``gate.keys``) of words met at least ``least`` times.

    Of Chinese also the function words of one character, as far as met.
    """
    counts: dict[str, Counter[str]] = {}
    for item in examples:
        lang = item.source_lang
        counter = counts.setdefault(lang, Counter())
        for word in words(item.source, lang):
            if lang == "zh":
                counter.update(keys(word, lang))
                counter.update(_ZH_WORDS.intersection(word))
            else:
                counter[word] += 1
    lists = {}
    for lang, counter in sorted(counts.items()):
        met = [word for word, count in counter.items() if count >= least]
        if lang != "zh":
            met = [key for word in met for key in keys(word, lang)]
        lists[lang] = sorted(set(met))
    return lists


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


def common_characters() -> list[str]:
    """Return the 3,755 characters of GB 2312's first level, in lines."""
    codes = [bytes((0xA1 + row, 0xA1 + cell)) for row in range(15, 55) for cell in range(94)]
    characters = [code.decode("gb2312", "ignore") for code in codes]
    return [" ".join(characters[n : n + 40]) for n in range(0, len(characters), 40)]


def scraps(text: str, chance: random.Random) -> str:
    """Cut Chinese into scraps of at most four characters, with spaces."""
    pieces, start = [], 0
    while start < len(text):
        end = start + chance.choice((1, 2, 2, 2, 3, 4))
        pieces.append(text[start:end])
        start = end
    return " ".join(pieces)
