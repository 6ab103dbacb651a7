"""Say what a model is from its files: make, directions, licence, scores, and whether it runs here.

Known are CTranslate2 folders of any make, Argos Translate packages (``metadata.json`` beside
``model/``), conversions of OPUS-MT, NLLB-200, M2M-100, mBART-50 and MADLAD-400, and, told apart
so that the message can say what to do, models that were not converted yet.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.errors import ModelError
from toolkit.files import display
from toolkit.languages import LANGS
from toolkit.translate.symbols import SYMBOLS

# Where a package says it speaks Chinese it may mean any of these; the two written forms count as
# one language here, and zt is Argos Translate's code for traditional characters.
_CODES = {
    "zh": ("zh", "cmn", "zho", "zho_Hans", "zh_CN", "cmn_Hans", "zh-cn", "zh-hans", "zt",
           "zho_Hant"),
    "ru": ("ru", "rus", "rus_Cyrl", "ru_RU"),
    "en": ("en", "eng", "eng_Latn", "en_XX"),
}  # fmt: skip
_FAMILIES = (
    ("NLLB-200", ("zho_Hans", "rus_Cyrl", "eng_Latn")),
    ("M2M-100", ("__zh__", "__ru__", "__en__")),
    ("mBART-50", ("zh_CN", "ru_RU", "en_XX")),
)
_TAGGED = {
    "<2zh>": "zh", "<2ru>": "ru", "<2en>": "en",
    ">>cmn_Hans<<": "zh", ">>zho_Hans<<": "zh", ">>cmn<<": "zh", ">>zho<<": "zh", ">>zh<<": "zh",
    ">>rus<<": "ru", ">>ru<<": "ru", ">>eng<<": "en", ">>en<<": "en",
}  # fmt: skip
_OPUS_NAME = re.compile(
    r"opus-mt-(?:tc-(?:big|base|bible-big)-)?([a-z]{2,3})-([a-z]{2,3})(?![a-z])"
)
_UNCONVERTED = (
    ("*.safetensors", "add --convert"),
    ("*.npz", "add --convert"),
    ("pytorch_model.bin", "ct2-transformers-converter --model FOLDER --output_dir NEW"),
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
_LARGEST_TEXT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Description:
    """What a model is.

    ``kind`` is its make in words. ``directions`` are pairs of zh, ru, en; empty: its files do not
    say (a plain conversion of a model for one direction). ``languages`` are all codes the package
    names, others too. ``licence`` is "" where nothing states one. ``scores`` are published ones,
    as (test set and metric, value); nothing here was measured by this program. ``files`` are the
    paths below the folder that belong to it.
    """

    kind: str
    directions: tuple[tuple[str, str], ...]
    languages: tuple[str, ...] = ()
    licence: str = ""
    title: str = ""
    version: str = ""
    scores: tuple[tuple[str, float], ...] = ()

    @property
    def ways(self) -> str:
        """The directions in words: "zh>en, en>zh", or "not stated"."""
        return ", ".join(f"{one}>{other}" for one, other in self.directions) or "not stated"


def language(code: str) -> str | None:
    """Return zh, ru or en for a code of any make; None for other languages."""
    plain = code.strip().strip("_")
    return next(
        (lang for lang, codes in _CODES.items() if plain in codes or plain.lower() in codes), None
    )


def home_of(folder: Path) -> Path | None:
    """Return where ``model.bin`` lies: the folder, its ``model/``, or its only sub-folder's."""
    for candidate in (folder, folder / "model"):
        if (candidate / "model.bin").is_file():
            return candidate
    return None


def root_of(folder: Path) -> Path:
    """Return the package's own folder inside an unpacked archive, which may wrap it in others.

    Raises:
        ModelError: If no model lies there, saying what does.
    """
    here = folder
    for _ in range(4):
        if home_of(here) is not None:
            return here
        inner = [path for path in here.iterdir() if not path.name.startswith((".", "__MACOSX"))]
        if len(inner) != 1 or not inner[0].is_dir():
            break
        here = inner[0]
    for pattern, command in _UNCONVERTED:
        if any(here.glob(pattern)):
            raise ModelError(
                f"{display(folder)}: the model is not converted for CTranslate2 yet; convert it:"
                f" {command}"
            )
    if _metadata(here).get("type", "translate") != "translate":
        raise ModelError(
            f"{display(folder)}: an Argos package of another kind"
            f" ({str(_metadata(here).get('type'))[:40]}), not a translation model"
        )
    held = ", ".join(sorted(path.name for path in here.iterdir())[:6]) or "nothing"
    raise ModelError(
        f"{display(folder)}: no model.bin in it (there is: {held}); it is no CTranslate2 model"
    )


def describe(folder: Path, name: str = "") -> Description:
    """Describe a model folder by its files.

    Args:
        name: What it was called where it came from: OPUS-MT names state the direction.

    Raises:
        ModelError: If there is no CTranslate2 model, or a file of it cannot be read.
    """
    home = home_of(folder)
    if home is None:
        raise ModelError(f"{display(folder)}: no model.bin in it; it is no CTranslate2 model")
    metadata = _metadata(folder)
    card = _card(folder) or _card(home)
    pieces = vocabulary(home)
    kind, directions = _kind(metadata, card, pieces, name or folder.name)
    licence = str(metadata.get("license") or metadata.get("licence") or card.get("license") or "")
    return Description(
        kind,
        directions,
        tuple(_languages(metadata, card)),
        licence.strip()[:80],
        str(metadata.get("title") or card.get("title") or "")[:120],
        str(metadata.get("package_version") or "")[:40],
        _scores(metadata, card),
    )


def warn_unusable(folder: Path, warn: Callable[[str], None]) -> None:
    """Say what an installed model lacks for the engine: its subword model is of another kind."""
    home = home_of(folder) or folder
    names = {path.name for place in (folder, home) for path in place.iterdir()} - {"bpe.model"}
    if not any(name.endswith((".spm", ".model")) for name in names):
        how = "subword-nmt, bpe.model" if (folder / "bpe.model").is_file() else "none"
        warn(
            f"{folder.name}: has no SentencePiece model (its subword model: {how}); it cannot be"
            " used for translation here"
        )


def of_metadata(metadata: Mapping[str, Any]) -> Description:
    """Describe an Argos package by its ``metadata.json``, or by its entry in their index."""
    return Description(
        "Argos package",
        _argos_ways(metadata),
        tuple(_languages(metadata, {})),
        str(metadata.get("license") or metadata.get("licence") or "")[:80],
        f"{metadata.get('from_name', '')} → {metadata.get('to_name', '')}".strip(" →"),
        str(metadata.get("package_version") or "")[:40],
        _scores(metadata, {}),
    )


def of_card(text: str, name: str) -> Description:
    """Describe a model of a hub by its card (``README.md``) and name, without its files."""
    card = front_matter(text)
    kind, directions = _kind({}, card, frozenset(), name)
    return Description(
        kind, directions, tuple(_languages({}, card)), str(card.get("license") or "")[:80],
        scores=_scores({}, card),
    )  # fmt: skip


def replace_licence(description: Description, licence: str) -> Description:
    """Return a description with a licence that another place states."""
    return replace(description, licence=licence.strip()[:80])


def _kind(
    metadata: Mapping[str, Any], card: Mapping[str, Any], vocabulary: frozenset[str], name: str
) -> tuple[str, tuple[tuple[str, str], ...]]:
    if metadata.get("from_code") or metadata.get("languages"):
        return "Argos package", _argos_ways(metadata)
    for family, codes in _FAMILIES:
        if vocabulary.issuperset(codes):
            return family, _all_ways(LANGS)
    tagged = tuple(dict.fromkeys(_TAGGED[piece] for piece in _TAGGED if piece in vocabulary))
    if vocabulary.issuperset(SYMBOLS):
        return "Tongwen (placeholders)", _all_ways(LANGS)
    if any(piece in vocabulary for piece in ("<2zh>", "<2ru>", "<2en>")):
        return "MADLAD-400", _all_ways(LANGS)
    opus = _OPUS_NAME.search(name.lower())
    if tagged:
        sources = [opus and language(opus[1]) or None]
        known = [lang for lang in sources if lang] or [
            lang for lang in LANGS if lang not in tagged
        ]
        ways = tuple((one, two) for one in known for two in tagged if one != two)
        return "OPUS-MT (several targets)", ways
    if opus:
        one, two = language(opus[1]), language(opus[2])
        return "OPUS-MT", ((one, two),) if one and two and one != two else ()
    spoken = [language(str(code)) for code in listed(card.get("language"))]
    known = [lang for lang in spoken if lang]
    return "CTranslate2", ((known[0], known[1]),) if len(known) == 2 == len(spoken) else ()


def _argos_ways(metadata: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    both = [entry for entry in listed(metadata.get("languages")) if isinstance(entry, Mapping)]
    sides = []
    for key, more in (("from_code", "from_codes"), ("to_code", "to_codes")):
        codes = [metadata.get(key), *listed(metadata.get(more)), *(e.get("code") for e in both)]
        found = (language(str(code)) for code in codes if code)
        sides.append([lang for lang in dict.fromkeys(found) if lang])
    return tuple((one, two) for one in sides[0] for two in sides[1] if one != two)


def _all_ways(langs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, two) for one in langs for two in langs if one != two)


def _languages(metadata: Mapping[str, Any], card: Mapping[str, Any]) -> Iterable[str]:
    codes = [metadata.get("from_code"), metadata.get("to_code"), *listed(card.get("language"))]
    entries = listed(metadata.get("languages"))
    codes += [entry.get("code") for entry in entries if isinstance(entry, Mapping)]
    return dict.fromkeys(str(code)[:20] for code in codes if code)


def listed(value: Any) -> list[Any]:
    """Return a JSON value as a list: itself, nothing for a missing one, else the one item."""
    return value if isinstance(value, list) else [value] if value else []


def _scores(metadata: Mapping[str, Any], card: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    found = metadata.get("scores") or card.get("scores") or {}
    pairs = found.items() if isinstance(found, Mapping) else ()
    return tuple(
        (str(key)[:60], float(value))
        for key, value in pairs
        if isinstance(value, int | float) and not isinstance(value, bool)
    )


def _metadata(folder: Path) -> Mapping[str, Any]:
    path = folder / "metadata.json"
    return json_object(path) if path.is_file() else {}


def json_object(path: Path) -> Mapping[str, Any]:
    """Return a JSON file that holds one object.

    Raises:
        ModelError: If it cannot be read, is huge, or holds something else.
    """
    try:
        if path.stat().st_size > _LARGEST_TEXT:
            raise ModelError(f"{display(path)}: larger than 4 MB; that is no description")
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{display(path)}: cannot be read ({str(error)[:80]})") from None
    if not isinstance(found, dict):
        raise ModelError(f"{display(path)}: not a JSON object; get the package again")
    return found


def vocabulary(home: Path) -> frozenset[str]:
    """Return the pieces that tell the make: those the target must know, where it has its own."""
    for name in ("shared_vocabulary", "source_vocabulary"):
        for suffix in (".json", ".txt"):
            path = home / (name + suffix)
            if not path.is_file():
                continue
            try:
                text = path.read_text(encoding="utf-8")
                pieces = json.loads(text) if suffix == ".json" else text.split("\n")
            except (OSError, ValueError, RecursionError) as error:
                said = str(error)[:80]
                raise ModelError(f"{display(path)}: cannot be read ({said})") from None
            return frozenset(piece for piece in pieces if isinstance(piece, str))
    return frozenset()


def _card(folder: Path) -> Mapping[str, Any]:
    for name in ("README.md", "MODEL_CARD.md"):
        path = folder / name
        if path.is_file() and path.stat().st_size <= _LARGEST_TEXT:
            return front_matter(path.read_text(encoding="utf-8", errors="replace"))
    return {}


_KEY = re.compile(r"([A-Za-z_]+):\s*(.*)$")
_TABLE_LICENCE = re.compile(r"^\|?\s*\**licen[cs]e\**\s*[|:]\s*([^|]+)", re.IGNORECASE)


def front_matter(text: str) -> Mapping[str, Any]:
    """Return what the head of a model card states: licence, languages, published scores.

    Only the few shapes that cards have are read (``key: value``, ``key: [a, b]``, a list below
    the key, the metric blocks of ``model-index`` and OPUS-MT's table of benchmarks); this is no
    YAML reader and runs nothing.
    """
    lines = text.lstrip("\ufeff").splitlines()
    found: dict[str, Any] = {}
    scores: dict[str, float] = {}
    end = 0
    if lines and lines[0].strip() == "---":
        end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        key, dataset, metric = "", "", ""
        for line in lines[1:end]:
            stripped = line.strip()
            match = _KEY.match(line)
            if match:
                key, value = match[1].lower(), match[2].split(" #")[0].strip()
                if value.startswith("[") and value.endswith("]"):
                    found[key] = [_bare(part) for part in value[1:-1].split(",") if part.strip()]
                elif value:
                    found[key] = _bare(value)
                continue
            if stripped.startswith("- ") and ":" not in stripped and key:
                found.setdefault(key, [])
                if isinstance(found[key], list):
                    found[key].append(_bare(stripped[2:]))
            inner = _KEY.match(stripped.removeprefix("- ").strip())
            if not inner:
                continue
            if inner[1] == "name" and line.startswith("      "):
                dataset = _bare(inner[2])
            elif inner[1] == "type":
                metric = _bare(inner[2])
            elif inner[1] == "value" and _NUMBER.fullmatch(inner[2].strip()):
                scores[f"{dataset} {metric}".strip()] = float(inner[2])
    for line in lines[end:]:
        licence = _TABLE_LICENCE.match(line.strip())
        if licence and "license" not in found:
            found["license"] = licence[1].strip()
        scores.update(_benchmark(line))
    if scores:
        found["scores"] = scores
    return found


def _benchmark(line: str) -> dict[str, float]:
    """Read a row of OPUS-MT's benchmarks: | Tatoeba.en.ru | 48.4 | 0.669 |."""
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) < 3 or not re.fullmatch(r"[\w.\-]*[.\-][a-z]{2,3}[.\-][a-z]{2,3}", cells[0]):
        return {}
    numbers = [float(cell) for cell in cells[1:3] if _NUMBER.fullmatch(cell)]
    return {f"{cells[0]} BLEU": numbers[0]} if len(numbers) == 2 and numbers[1] <= 1 else {}


def _bare(text: str) -> str:
    return text.strip().strip("\"'")
