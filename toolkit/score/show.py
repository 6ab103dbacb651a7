"""A score as text for the terminal."""

from collections.abc import Mapping
from typing import Any

from toolkit.columns import clip, pad, width
from toolkit.languages import NAMES
from toolkit.score.gates import score_of
from toolkit.score.run import NAMES_OF

MOST_MISSES = 20
MOST_PAIRS = 15
_METRICS = {"bleu": "BLEU", "chrf": "chrF2++", "ter": "TER"}


def text(result: Mapping[str, Any], worst: int = 0) -> str:
    """Return a result as tables, sentences and signatures."""
    rows = [_headline(result), ""]
    systems = result["systems"]
    if len(systems) == 1:
        rows += _one(systems[0], result)
    else:
        rows += _several(result)
    rows += _signatures(systems[0])
    for system in systems:
        rows += _untranslated(system, result["segments"], len(systems) > 1)
    power = [result["power"][key] for key in (*_METRICS, "estimate") if key in result["power"]]
    if result["caution"]:
        power.append(result["caution"])
    if power:
        rows += ["", *(sentence[0].upper() + sentence[1:] + "." for sentence in power)]
    rows += _changes(result)
    for system in systems:
        rows += _slices(system, len(systems) > 1)
    if len(systems) == 1:
        rows += _misses(systems[0], result["segments"])
    if worst:
        for system in systems:
            rows += _worst(system, worst, len(systems) > 1)
    return "\n".join(rows)


def _headline(result: Mapping[str, Any]) -> str:
    count, sets = result["segments"], result["references"]
    shown = f"{count} segment{'' if count == 1 else 's'} in {NAMES[result['to']]}, "
    return shown + (f"{sets} reference{'' if sets == 1 else 's'}" if sets else "no reference")


def _one(system: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    rows = []
    notes = {"bleu": "", "chrf": "", "ter": "lower is better"}
    for key, name in _METRICS.items():
        metric = system.get(key)
        if metric is None:
            continue
        if metric["score"] is None:
            rows.append(f"{name:<9}{'–':>7}  {metric['detail']}")
            continue
        note = ", ".join(part for part in (metric["detail"] if key == "bleu" else "", notes[key])
                         if part)  # fmt: skip
        rows.append(f"{name:<9}{metric['score']:>7.2f}{_within(metric)}  {note}".rstrip())
    terms = system["terms"]
    if terms is None:
        rows.append(f"{'terms':<9}{'–':>7}  {system['terms_reason']}")
    else:
        inflected = terms["found"] - terms["exact"]
        note = (
            f"{terms['found']} of {terms['expected']} kept: {terms['exact']} in the very form, "
            f"{inflected} in another"
        )
        if terms["repeated"]:
            note += f"; {terms['repeated']} said oftener than the source says them"
        rows.append(f"{'terms':<9}{terms['success']:>7.2f}{_within(terms)}  {note}")
        if terms["consistency"] is not None:
            rows.append(
                f"{'':<9}{terms['consistency']:>7.2f}  consistency: a concept's commonest term, "
                "where it comes twice or more"
            )
    for key in ("names", "numbers", "dates"):
        entry = system[key]
        if entry is not None and entry["score"] is not None:
            note = f"{entry['kept']} of {entry['expected']} kept"
            if entry.get("added"):
                note += f"; {len(entry['added'])} that nothing in the other texts says"
            rows.append(f"{key:<9}{entry['score']:>7.2f}{_within(entry)}  {note}")
    listed = system.get("dictionary")
    if listed:
        wmt = [f"{name} {listed[key]:.2f}" for key, name in
               (("wmt25_sentence", "sentence rule"), ("wmt25_document", "document rule"))
               if listed[key] is not None]  # fmt: skip
        score = "–" if listed["score"] is None else f"{listed['score']:.2f}"
        rows.append(
            f"{'dictionary':<9}{score:>6}{_within(listed)}  {listed['found']} of "
            f"{listed['expected']} kept, {listed['exact']} in the very form"
            + (f"; as WMT25 counts: {', '.join(wmt)}" if wmt else "")
        )
    estimate = system.get("estimate")
    if estimate and estimate["score"] is not None:
        rows.append(
            f"{'estimate':<9}{estimate['score']:>7.2f}{_within(estimate)}  {estimate['detail']}"
        )
        rows += [f"{'':<18}{line}" for line in estimate["signals"]["sentences"]]
    return rows


def _within(entry: Mapping[str, Any]) -> str:
    interval = entry.get("interval")
    return f"  [{interval['low']:.2f}, {interval['high']:.2f}]" if interval else ""


def _signatures(system: Mapping[str, Any]) -> list[str]:
    found = [f"{name}|{system[key]['signature']}" for key, name in _METRICS.items()
             if system.get(key)]  # fmt: skip
    return ["", *found] if found else []


def _untranslated(system: Mapping[str, Any], count: int, named: bool) -> list[str]:
    left = system["untranslated"]
    if not left:
        return []
    row = f"{system['name']}: " if named else ""
    row += f"{left} of {count} segments {'was' if left == 1 else 'were'} left untranslated"
    only = system["translated_only"]
    if only:
        scores = ", ".join(
            f"{name} {only[key]['score']:.2f}"
            for key, name in _METRICS.items()
            if only[key]["score"] is not None
        )
        row += f"; the other {only['segments']} alone: {scores}"
    return ["", row]


def _several(result: Mapping[str, Any]) -> list[str]:
    """Return a table of systems a measure: score, interval, rank, cluster; then the pairs."""
    rows = []
    systems = {system["name"]: system for system in result["systems"]}
    names = max(width(clip(name, 32)) for name in systems)
    for key, comparison in result["comparison"].items():
        if key == "terms_exact":  # in the JSON; here it would say little beside the terms
            continue
        ranks = comparison["ranks"] or [
            {"system": name, "cluster": None} for name in systems
            if score_of(systems[name], key) is not None
        ]  # fmt: skip
        lower = ", lower is better" if key == "ter" else ""
        rows.append(f"{NAMES_OF[key]}{lower}")
        cluster = None
        for rank in ranks:
            system = systems[rank["system"]]
            score = score_of(system, key)
            if cluster is not None and rank["cluster"] != cluster:
                rows.append(f"  {'-' * (names + 34)}")
            cluster = rank["cluster"]
            interval = system[key].get("interval")
            within = f"[{interval['low']:.2f}, {interval['high']:.2f}]" if interval else ""
            place = ""
            if cluster is not None:
                span = (
                    str(rank["best"]) if rank["best"] == rank["worst"]
                    else f"{rank['best']} to {rank['worst']}"
                )  # fmt: skip
                place = f"rank {span}"
            shown = pad(clip(rank["system"], 32), names)
            rows.append(f"  {shown}  {score:>7.2f}  {within:<18}  {place}".rstrip())
        rows.append("")
    rows += _pairs(result, names)
    return rows[:-1] if rows and not rows[-1] else rows


def _pairs(result: Mapping[str, Any], names: int) -> list[str]:
    resampling = result["resampling"]
    if not resampling:
        return []
    test = {"ar": "randomisation", "bs": "bootstrap"}[resampling["test"]]
    many = max(len(c["pairs"]) for c in result["comparison"].values())
    head = f"differences, p of the paired {test} test"
    if many > 1:
        head += f" corrected for {many} pairs (Holm)"
    rows = [head + "; * where under .05"]
    shown = [key for key in result["comparison"] if key in (*_METRICS, "estimate")]
    for key in shown or result["comparison"]:
        pairs = result["comparison"][key]["pairs"]
        if len(pairs) > MOST_PAIRS:
            rows.append(f"  {NAMES_OF[key]}: {len(pairs)} pairs, all in --format json")
            continue
        for pair in pairs:
            p = pair["holm_randomisation" if resampling["test"] == "ar" else "holm_bootstrap"]
            effect = "–" if pair["effect"] is None else f"{pair['effect']:+.2f}"
            first, second = (pad(clip(pair[k], 32), names) for k in ("first", "second"))
            rows.append(
                f"  {NAMES_OF[key]:<9} {first}  −  {second}  {pair['difference']:>+7.2f} "
                f"[{pair['low']:+.2f}, {pair['high']:+.2f}]  p {p:.4f}"
                f"{'*' if pair['significant'] else ' '}  effect {effect}  "
                f"better {pair['better']}, worse {pair['worse']}, same {pair['same']}"
            )
    return rows


def _changes(result: Mapping[str, Any]) -> list[str]:
    """Return what changed since the baseline, where there is one."""
    found = result.get("baseline")
    if not found:
        return []
    named = len(result["systems"]) > 1
    rows = ["", f"since {found['path']}"]
    for row in found["changes"]:
        if row["measure"] == "terms_exact":
            continue
        system = f"{row['system']}  " if named else ""
        rows.append(
            f"  {system}{NAMES_OF[row['measure']]:<10} {row['before']:>7.2f} → {row['now']:.2f} "
            f"({row['change']:+.2f}"
            + (")" if row["p"] is None else f", segments paired: p {row['p']:.4f})")
        )
    return rows


def _slices(system: Mapping[str, Any], named: bool) -> list[str]:
    rows = []
    for kind, found in system["slices"].items():
        if not found:
            continue
        keys = [key for key in ("bleu", "chrf", "ter", "terms", "numbers", "estimate")
                if any(row.get(key) is not None for row in found)]  # fmt: skip
        labels = max(width(clip(row["label"], 36)) for row in found)
        head = f"by {kind}" + (f", {system['name']}" if named else "")
        rows += ["", f"{pad(head, labels + 2)}  segments  "
                     + "  ".join(f"{NAMES_OF[key]:>15}" for key in keys)]
        for row in found:
            cells = []
            for key in keys:
                score = row.get(key)
                within = row.get(f"{key}_interval")
                half = f" ± {(within[1] - within[0]) / 2:.1f}" if within else ""
                cells.append(f"{'–' if score is None else f'{score:.2f}{half}':>15}")
            label = pad(clip(row["label"], 36), labels)
            rows.append(f"  {label}  {row['segments']:>8}  " + "  ".join(cells))
    return rows


def _misses(system: Mapping[str, Any], count: int) -> list[str]:
    rows: list[str] = []
    digits = len(str(count))
    terms = system["terms"]
    if terms and terms["misses"]:
        rows += ["", "missing terms"]
        for miss in terms["misses"][:MOST_MISSES]:
            source = f"{miss['source']} → " if miss["source"] else ""
            found = f", found {miss['status']} {miss['found']}" if miss["found"] else ""
            rows.append(
                f"  line {miss['segment']:>{digits}}  {source}{miss['expected']}{found}"
            )
        rows += _more(len(terms["misses"]))
    for key, kind in (("numbers", "number"), ("dates", "date")):
        lost = system[key]["lost"] if system[key] else []
        if lost:
            rows += ["", f"missing {kind}s"]
            rows += [f"  line {item['segment']:>{digits}}  {item['expected']}"
                     for item in lost[:MOST_MISSES]]  # fmt: skip
            rows += _more(len(lost))
    return rows


def _more(count: int) -> list[str]:
    if count <= MOST_MISSES:
        return []
    return [f"  and {count - MOST_MISSES} more; --format json lists all"]


def _worst(system: Mapping[str, Any], most: int, named: bool) -> list[str]:
    found = system["worst"][:most]
    if not found:
        return []
    by = NAMES_OF[found[0]["by"]]
    head = f"worst segments by {by}" + (f", {system['name']}" if named else "")
    rows = ["", head]
    for item in found:
        scores = ", ".join(f"{NAMES_OF[key]} {value:.1f}" for key, value in item["scores"].items()
                           if value is not None)  # fmt: skip
        rows.append(f"  line {item['segment']}: {scores}")
        if item["source"] is not None:
            rows.append(f"    source       {clip(item['source'], 110)}")
        rows.append(f"    translation  {clip(item['hypothesis'], 110)}")
        rows += [f"    reference    {clip(line, 110)}" for line in item["references"]]
        rows += [f"    ! {fault}" for fault in item["faults"]]
    return rows


def segments(result: Mapping[str, Any]) -> str:
    """Return the scores of each segment as TSV, a line a segment and system."""
    each = result["each"]
    labels = [key for key in each[0] if key not in ("segment", "systems")]
    keys = [key for key in NAMES_OF if any(key in s for s in each[0]["systems"].values())]
    rows = ["\t".join(["segment", *labels, "system", *keys, "faults"])]
    for item in each:
        for name, scores in item["systems"].items():
            cells = [str(item["segment"]), *(item[label] for label in labels), name]
            cells += ["" if scores[key] is None else f"{scores[key]:.4f}" for key in keys]
            cells.append("; ".join(scores["faults"]))
            rows.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(rows) + "\n"
