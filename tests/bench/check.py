"""Measure the check: precision and recall on the tables, mutations caught, time.

python tests/bench/check.py cases [dev|test]     precision and recall by language and rule
python tests/bench/check.py mutations [N]        one-word changes of the shipped dispatches
python tests/bench/check.py cold [N]             one trilingual dispatch from a cold start
python tests/bench/check.py scale [CONCEPTS] [SEGMENTS]   beside a loop of one regex a term
"""

import csv
import datetime
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.dispatch import parse_dispatch, read_dispatch
from toolkit.glossary.check import check_text
from toolkit.glossary.compare import Row, check_rows
from toolkit.glossary.concept import Concept, Finding, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.glossary.rules import RULES
from toolkit.glossary.store import load
from toolkit.languages import LANGS
from toolkit.values.reading import values

ROOT = Path(__file__).parent.parent.parent
TABLES = {"terms": "term-cases.tsv", "numbers, dates, names": "fact-cases.tsv"}
SERIOUS = ("error", "warning")


# The tables.


@dataclass(frozen=True)
class Case:
    """A row of a table: a text or a passage, and what must be found in it."""

    split: str
    topic: str
    day: datetime.date | None
    texts: dict[str, str]
    expected: tuple[str, ...]
    line: int


def cases(name: str) -> Iterator[Case]:
    path = ROOT / "tests" / "data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    rows = csv.DictReader(
        (line for _, line in kept), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True
    )
    for (number, _), row in zip(kept[1:], rows, strict=True):
        yield Case(
            row["split"],
            row["topic"],
            datetime.date.fromisoformat(row["day"]) if row["day"] else None,
            {lang: row[lang] for lang in LANGS if row[lang]},
            tuple(each for each in row["expected"].split() if each != "-"),
            number,
        )


def findings(case: Case, matcher: Matcher) -> list[Finding]:
    """Return the errors and warnings of a case, as the command gives them."""
    if len(case.texts) == 1:
        ((lang, text),) = case.texts.items()
        dispatch = parse_dispatch(text, lang=lang, source="case")
        found = check_text(dispatch, matcher, date=case.day).findings
    else:
        row = Row(case.texts, lambda lang, offset: ("case", 1, offset + 1))
        found = check_rows([row], matcher, date=case.day).findings
    return [finding for finding in found if finding.severity in SERIOUS]


def verdict(case: Case, found: list[Finding]) -> tuple[list[str], list[Finding]]:
    """Return what was expected and not found, and what was found and not expected."""
    missed = []
    for each in case.expected:
        code, _, lang = each.partition("@")
        if not any(f.code == code and lang in ("", f.lang) for f in found):
            missed.append(each)
    wanted = {each.partition("@")[0] for each in case.expected}
    return missed, [finding for finding in found if finding.code not in wanted]


def measure_cases(split: str = "test") -> None:
    matcher = Matcher(load())
    for title, name in TABLES.items():
        hits: Counter[str] = Counter()
        misses: Counter[str] = Counter()
        alarms: Counter[str] = Counter()
        size = clean = quiet = 0
        for case in cases(name):
            if case.split != split:
                continue
            size += 1
            found = findings(case, matcher)
            missed, extra = verdict(case, found)
            clean += not case.expected
            quiet += not case.expected and not found
            where = "+".join(case.texts)
            for each in case.expected:
                code = each.partition("@")[0]
                (misses if each in missed else hits).update((code, where))
            for finding in extra:
                alarms.update((finding.code, where))
            for each in missed:
                print(f"  missed {name}:{case.line} {each}")
            for finding in extra:
                print(f"  alarm  {name}:{case.line} {finding.code} {finding.message}")
        print(f"{title}, {split} split: {size} cases, {quiet} of {clean} clean ones left alone")
        codes = sorted(key for key in {*hits, *misses, *alarms} if key in RULES)
        langs = sorted(key for key in {*hits, *misses, *alarms} if key not in RULES)
        total = [sum(c[code] for code in codes) for c in (hits, misses, alarms)]
        for key in (*codes, *langs):
            print(f"  {key:<9} {_rates(hits[key], misses[key], alarms[key])}")
        print(f"  {'all':<9} {_rates(*total)}")


def _rates(hit: int, missed: int, alarm: int) -> str:
    precision = hit / (hit + alarm) if hit + alarm else 1.0
    recall = hit / (hit + missed) if hit + missed else 1.0
    return f"precision {precision:.3f}  recall {recall:.3f}  ({hit} found, {missed} missed)"


# Mutations.


@dataclass(frozen=True)
class Mutation:
    kind: str
    name: str
    lang: str
    row: int
    before: str
    after: str
    start: int


_WORDS = {  # what a hurried hand writes for another
    "zh": (
        ("战略协作", "战略合作"), ("新时代全面", "新时期全面"), ("新时代全面", "全面"),
        ("永久全面", "全面"), ("一个中国原则", "一个中国政策"), ("联合公报", "联合声明"),
        ("正式访问", "国事访问"), ("粮食安全", "食品安全"), ("全球安全倡议", "全球文明倡议"),
    ),
    "ru": (
        (", вступающих в новую эпоху", ""), (", вступающим в новую эпоху", ""),
        (", вступающие в новую эпоху", ""), ("вечного всестороннего", "всестороннего"),
        ("коммюнике по", "заявление по"), ("официальным визитом", "государственным визитом"),
        ("Хартии Шанхай", "Устава Шанхай"), ("принципу «", "политике «"),
        ("принципа «", "политики «"), ("продовольственную", "пищевую"),
        ("всеобъемлющего партнерства и стратегического взаимодействия",
         "всеобъемлющего стратегического партнерства"),
    ),
    "en": (
        (" for a new era", ""), ("of coordination", "of cooperation"), ("permanent ", ""),
        ("joint communique", "joint statement"), ("Joint communique", "Joint statement"),
        ("official visit", "state visit"), ("one-China principle", "one-China policy"),
        ("food security", "food safety"), ("people-to-people", "humanitarian"),
        ("Vice Premier", "Deputy Prime Minister"), ("comprehensive strategic", "strategic"),
        ("Global Security", "Global Civilization"),
    ),
}  # fmt: skip
_NAMES = {
    "zh": (("立峰", "立锋"), ("切尔内", "切尔尼")),
    "ru": (("Лифэн", "Лифень"), ("Чернышенко", "Черныщенко"), ("Хэ Ли", "Ха Ли")),
    "en": (("Lifeng", "Lifen"), ("Chernyshenko", "Chernyshenka"), ("He Li", "Hu Li")),
}
_SCALE = {
    "zh": (("亿", "万"), ("万", "亿")),
    "ru": (("млрд", "млн"), ("млн", "млрд")),
    "en": (("billion", "million"), ("million", "billion")),
}


def mutations(dispatches: dict[str, list[dict[str, str]]]) -> Iterator[Mutation]:
    """Yield every change of one word: a term, a figure or day, a name."""
    for name, rows in dispatches.items():
        for number, texts in enumerate(rows):
            if len(texts) < 2:
                continue
            for lang, text in texts.items():
                for kind, table in (("term", _WORDS), ("name", _NAMES)):
                    for before, after in table[lang]:
                        for found in re.finditer(re.escape(before), text):
                            yield Mutation(kind, name, lang, number, before, after, found.start())
                for value in values(text, lang):
                    if value.start == 0:
                        continue  # the number of a paragraph
                    for after in _figures(value.text, lang):
                        if not values(after, lang):
                            continue  # Nov. 34 is no day
                        kind = "day" if value.kind in ("date", "weekday") else "number"
                        yield Mutation(kind, name, lang, number, value.text, after, value.start)


def _figures(text: str, lang: str) -> Iterator[str]:
    """Yield a figure with one digit changed, two exchanged, or another scale word."""
    digits = [place for place, letter in enumerate(text) if letter in "0123456789"]
    for place in digits[:3]:
        digit = str((int(text[place]) + 1) % 10)
        if digit != "0" or place != digits[0]:
            yield text[:place] + digit + text[place + 1 :]
    for one, other in zip(digits, digits[1:], strict=False):
        if text[one] != text[other] and text[other] != "0":
            changed = list(text)
            changed[one], changed[other] = text[other], text[one]
            yield "".join(changed)
            break
    for before, after in _SCALE[lang]:
        if before in text:
            yield text.replace(before, after, 1)
            break


def shipped() -> tuple[dict[str, list[dict[str, str]]], dict[str, datetime.date | None]]:
    rows, days = {}, {}
    for path in sorted((ROOT / "corpora").glob("*/*.gold.jsonl")):
        name = path.parent.name
        lines = path.read_text(encoding="utf-8").splitlines()
        rows[name] = [
            {lang: text for lang, text in json.loads(line)["text"].items() if text}
            for line in lines
        ]
        versions = [read_dispatch(path.parent / f"{name}.{lang}.txt") for lang in LANGS]
        days[name] = next((d for v in versions if (d := v.date or v.page_date)), None)
    return rows, days


def measure_mutations(count: int = 500) -> None:
    matcher = Matcher(load())
    rows, days = shipped()

    def check(name: str, texts: list[dict[str, str]]) -> set[tuple[str, int, str, str]]:
        made = [
            Row(each, lambda lang, offset, n=n: (lang, n, offset + 1))
            for n, each in enumerate(texts)
        ]
        found = check_rows(made, matcher, date=days[name]).findings
        return {(f.code, f.line, f.lang, f.found) for f in found if f.severity in SERIOUS}

    clean = {name: check(name, texts) for name, texts in rows.items()}
    alarms = sum(map(bool, clean.values()))
    print(f"untouched: {alarms} of {len(rows)} dispatches raise anything")
    all_ = list(mutations(rows))
    random.Random(20251102).shuffle(all_)
    chosen: list[Mutation] = []
    for kind in ("term", "number", "day", "name"):
        chosen += [each for each in all_ if each.kind == kind][: count // 4]
    rest = [each for each in all_ if each not in chosen]
    chosen += rest[: count - len(chosen)]
    caught: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for each in chosen:
        texts = [dict(row) for row in rows[each.name]]
        text = texts[each.row][each.lang]
        texts[each.row][each.lang] = (
            text[: each.start] + each.after + text[each.start + len(each.before) :]
        )
        new = check(each.name, texts) - clean[each.name]
        tried.update((each.kind, each.lang))
        if new:
            caught.update((each.kind, each.lang))
        else:
            around = text[max(0, each.start - 12) : each.start + len(each.before) + 12]
            print(f"  missed {each.name} {each.lang} {each.before} -> {each.after} in {around!r}")
    for key in tried:
        print(f"  {key:<7} {caught[key]} of {tried[key]} ({caught[key] / tried[key]:.1%})")
    total = sum(tried[kind] for kind in ("term", "number", "day", "name"))
    got = sum(caught[kind] for kind in ("term", "number", "day", "name"))
    print(f"caught {got} of {total} mutations ({got / total:.1%})")


# Time.


def measure_cold(runs: int = 5) -> None:
    folder = ROOT / "corpora" / "ningbo"
    files = [str(folder / f"ningbo.{lang}.txt") for lang in LANGS]
    code = "from toolkit.cli import main; main()"
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; cores for us: {_cores()}")
    for title, arguments, fresh in (
        ("Python itself", None, False),
        ("--help", ["--help"], False),
        ("check of one", ["check", files[0]], False),
        ("check of three", ["check", *files], False),
        ("… no cache yet", ["check", *files], True),
    ):
        wall, cpu = [], []
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as empty:
                command = ["-c", code, *arguments] if arguments else ["-c", "pass"]
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, *command],
                    capture_output=True,
                    env={**os.environ, **({"TONGWEN_CACHE": empty} if fresh else {})},
                )
                wall.append(time.perf_counter() - start)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        seconds = (
            f"{statistics.median(wall):.2f} s wall (best {min(wall):.2f}),"
            f" {statistics.median(cpu):.2f} s CPU (best {min(cpu):.2f})"
        )
        print(f"{title:<15} {seconds}; {runs} runs")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def synthetic(concepts: int, seed: int = 1) -> Glossary:
    """Make a glossary of invented terms: two to four real words each, in three languages."""
    draw = random.Random(seed)
    shared = load()
    words: dict[str, list[str]] = {lang: [] for lang in LANGS}
    for concept in shared.concepts:
        for term in concept.terms:
            words[term.lang] += (
                list(term.text) if term.lang == "zh" else re.findall(r"\w{3,}", term.text)
            )
    for lang in LANGS:
        words[lang] = sorted(set(words[lang]))
    made = []
    for number in range(concepts):
        terms = []
        for lang in LANGS:
            size = draw.randint(4, 7) if lang == "zh" else draw.randint(2, 4)
            text = ("" if lang == "zh" else " ").join(draw.choices(words[lang], k=size))
            terms.append(Term(lang, text, "preferred"))
        made.append(Concept(f"c{number}", "economy", tuple(terms)))
    return Glossary(tuple(made), "synthetic")


def segments(count: int, glossary: Glossary, seed: int = 2) -> Iterator[dict[str, str]]:
    """Yield segments of the shipped dispatches, one in three with a term of ``glossary`` in it."""
    draw = random.Random(seed)
    rows, _ = shipped()
    every = [row for texts in rows.values() for row in texts if len(row) == 3]
    for number in range(count):
        row = dict(draw.choice(every))
        if number % 3 == 0:
            concept = draw.choice(glossary.concepts)
            for term in concept.terms:
                row[term.lang] += ("" if term.lang == "zh" else " ") + term.text
        yield row


def measure_scale(concepts: int = 100_000, count: int = 1_000_000) -> None:
    start = time.perf_counter()
    glossary = synthetic(concepts)
    print(f"{concepts:,} concepts made in {time.perf_counter() - start:.0f} s")
    matcher = Matcher(glossary)
    for lang in LANGS:
        start = time.perf_counter()
        matcher.find("мир" if lang == "ru" else "和平" if lang == "zh" else "peace", lang)
        first = time.perf_counter() - start
        found = size = 0
        start, cpu = time.perf_counter(), time.process_time()
        for row in segments(count, glossary):
            size += len(row[lang])
            found += len(matcher.find(row[lang], lang))
        taken, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(
            f"{lang}: ready in {first:.1f} s; {count:,} segments in {taken:.0f} s"
            f" ({cpu:.0f} s of CPU: {count / cpu:,.0f} segments/s, {size / cpu / 1e6:.2f} M"
            " characters/s),"
            f" {found:,} terms, {_memory()} MB"
        )
        some = [term.text for c in glossary.concepts for term in c.terms if term.lang == lang]
        patterns = [
            re.compile(re.escape(text) if lang == "zh" else rf"\b{re.escape(text)}\b", re.I)
            for text in some[:2000]
        ]
        few = max(1, min(count, 50))
        start = time.process_time()
        for row in segments(few, glossary):
            for pattern in patterns:
                pattern.search(row[lang])
        loop = (time.process_time() - start) * len(some) / len(patterns) / few
        ratio = loop * count / cpu
        print(
            f"    one regex a term: {1 / loop:,.2f} segments/s; we are {ratio:,.0f} times faster"
        )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    command, *rest = sys.argv[1:] or [""]
    if command == "cases":
        measure_cases(*rest)
    elif command == "mutations":
        measure_mutations(*map(int, rest))
    elif command == "cold":
        measure_cold(*map(int, rest))
    elif command == "scale":
        measure_scale(*map(int, rest))
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
