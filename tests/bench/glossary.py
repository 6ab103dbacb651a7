"""Processor seconds to load, search and lint a glossary of 235, 10,000 and 100,000 concepts.

    python tests/bench/glossary.py [--sizes 235 10000 …] [--no-lint]

The glossaries are synthetic: four to six terms a concept, words drawn from lists below, so that
Russian inflects and Chinese characters recur as in real ones. Beside each time stands that of a
plain baseline in the same run: for loading, a loop of ``csv.reader`` over the same file that keeps
its rows; for searching, a loop over these rows that looks for the query as it is written (and
misses every inflected form); for lint, the warm loading. ``cold`` has an empty cache, ``warm``
not; ``first`` builds an index or judges every concept, ``again`` finds that done.
"""

import argparse
import csv
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ADJECTIVES = {
    "zh": "全面 战略 共同 国际 区域 经济 文化 能源 数字 绿色 农业 海洋 航天 金融 双边 多边 长期 "
    "创新 科技 人文".split(),
    "ru": "всеобъемлющий стратегический совместный международный региональный экономический "
    "культурный энергетический цифровой зелёный аграрный морской космический финансовый "
    "двусторонний многосторонний долгосрочный инновационный научный гуманитарный".split(),
    "en": "comprehensive strategic joint international regional economic cultural energy digital "
    "green agricultural maritime space financial bilateral multilateral long-term innovative "
    "scientific humanitarian".split(),
}
NOUNS = {
    "zh": "合作 对话 机制 倡议 论坛 委员会 协定 宣言 计划 银行 中心 基金 走廊 会晤 框架 联盟 "
    "小组 议程 条约 平台".split(),
    "ru": "проект диалог механизм форум комитет договор план банк центр фонд коридор саммит союз "
    "альянс протокол институт совет меморандум кодекс регламент".split(),
    "en": "project dialogue mechanism forum committee agreement plan bank centre fund corridor "
    "summit union alliance protocol institute council memorandum code regulation".split(),
}
TAILS = {
    "zh": "亚洲 欧洲 非洲 北极 中亚 远东 太平洋 南方 边境 城市 青年 妇女 媒体 港口 铁路 航空 "
    "医药 教育 体育 旅游".split(),
    "ru": "Азии Европы Африки Арктики региона Востока океана Юга границы города молодёжи общества "
    "прессы порта дороги авиации медицины образования спорта туризма".split(),
    "en": "Asia Europe Africa Arctic region East ocean South border city youth society press port "
    "railway aviation medicine education sport tourism".split(),
}


def write(path: Path, size: int) -> None:
    """Write a glossary of ``size`` concepts, each with terms of its own."""
    draw = random.Random(size)
    head = "concept lang term status scope register from to flags domain note evidence".split()
    rows = ["# tongwen.glossary/2", "\t".join(head)]
    for number in range(size):
        rest, a = divmod(number, 20)
        rest, b = divmod(rest, 20)
        rest, c = divmod(rest, 20)
        d = rest % 20
        id = f"c{number:06}"
        rows.append("\t".join((id, "*", *[""] * 7, "synthetic", f"number {number}", "")))
        terms = {
            "zh": ADJECTIVES["zh"][d] + TAILS["zh"][c] + ADJECTIVES["zh"][b] + NOUNS["zh"][a],
            "ru": f"{ADJECTIVES['ru'][d]} {ADJECTIVES['ru'][b]} {NOUNS['ru'][a]} "
            f"{TAILS['ru'][c]}",
            "en": f"{ADJECTIVES['en'][d]} {ADJECTIVES['en'][b]} {NOUNS['en'][a]} of "
            f"{TAILS['en'][c]}",
        }
        if rest >= 20:
            terms = {"zh": terms["zh"] + f"{rest}号", "ru": f"{terms['ru']} № {rest}",
                     "en": f"{terms['en']} No. {rest}"}  # fmt: skip
        for lang, text in terms.items():
            rows.append(
                "\t".join((id, lang, text, "preferred", *[""] * 7, "https://example.org/a"))
            )
        if draw.random() < 0.5:
            text = f"{terms['en']} ({NOUNS['en'][draw.randrange(20)]})"
            rows.append("\t".join((id, "en", text, "admitted", "RU", "cn", "2019-06-05", "",
                                   "gap", "", "", "unverified")))  # fmt: skip
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def baseline(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def clock(function, *arguments):
    gc.collect()
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


QUERIES = ("能源", "海", "стратегическому диалогу", "зеленого", "long term", "centers of Asia")


def measure(path: Path, lint: bool) -> list[tuple[str, float, float]]:
    """Return (what, seconds, seconds of the baseline) in a process that has loaded nothing."""
    from toolkit.glossary.search import search
    from toolkit.glossary.store import load

    times = []
    plain, rows = clock(baseline, path)
    cold, glossary = clock(load, [path])
    del glossary
    warm, glossary = clock(load, [path])
    times += [("load cold", cold, plain), ("load warm", warm, plain)]
    for query in QUERIES:
        first, hits = clock(search, glossary, query)
        again, _ = clock(search, glossary, query)
        plain, _ = clock(lambda q=query: [row for row in rows if any(q in c for c in row)])
        times.append((f"search {query} ({len(hits)}), first", first, plain))
        times.append((f"search {query} ({len(hits)}), again", again, plain))
    if lint:
        from toolkit.glossary.lint import lint_files

        for when in ("first", "again"):
            seconds, findings = clock(lint_files, [path])
            times.append((f"lint ({len(findings)} findings), {when}", seconds, warm))
    return times


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--sizes", type=int, nargs="*", default=[235, 10_000, 100_000])
    options.add_argument("--no-lint", action="store_true")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        for what, seconds, plain in measure(chosen.one, not chosen.no_lint):
            ratio = seconds / plain if plain else float("inf")
            print(f"  {what:44} {seconds:9.3f} s {plain:9.3f} s {ratio:8.1f} ×", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in chosen.sizes:
            path = Path(folder) / f"{size}.tsv"
            write(path, size)
            print(f"{size} concepts, {path.stat().st_size / 1e6:.1f} MB", flush=True)
            environment = {**os.environ, "TONGWEN_CACHE": str(Path(folder) / str(size))}
            own = [sys.executable, __file__, "--one", str(path)]
            own += ["--no-lint"] if chosen.no_lint else []
            subprocess.run(own, check=True, env=environment)


if __name__ == "__main__":
    main()
