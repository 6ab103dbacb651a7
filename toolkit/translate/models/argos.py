"""Write a model as an Argos Translate package, so that other programs can use it too."""

import json
import stat
import zipfile
from pathlib import Path

from toolkit.errors import ModelError
from toolkit.files import display
from toolkit.languages import NAMES
from toolkit.translate.models import packages
from toolkit.translate.models.packages import Description

_PIECES = ("sentencepiece.model", "sentencepiece.bpe.model", "spm.model", "spiece.model")


def write(
    folder: Path, about: Description, source: str, target: str, archive: Path, name: str
) -> str:
    """Write one direction of a model as an ``.argosmodel``; return what its user must know, or "".

    Args:
        folder: The model: ``model.bin`` in it or in its ``model/``, with one SentencePiece model
            for both languages, which is all that these packages can hold.

    Raises:
        ModelError: If the model has not this direction, or cannot be written so.
    """
    if about.directions and (source, target) not in about.directions:
        raise ModelError(f"{name}: does not translate {source}>{target} (but {about.ways})")
    home = packages.home_of(folder)
    if home is None:
        raise ModelError(f"{display(folder)}: no model.bin in it")
    places = [place / piece for place in (folder, home) for piece in _PIECES]
    pieces = next((path for path in places if path.is_file()), None)
    if pieces is None:
        raise ModelError(
            f"{name}: has no single SentencePiece model for both languages, and an Argos package"
            " cannot hold two; export it without --argos"
        )
    members = [path for path in sorted(home.iterdir()) if path.is_file() and path != pieces]
    vocabulary = packages.vocabulary(home)
    prefix, note = "", ""
    for codes in ({"zh": "zho_Hans", "ru": "rus_Cyrl", "en": "eng_Latn"},
                  {"zh": "__zh__", "ru": "__ru__", "en": "__en__"}):  # fmt: skip
        if set(codes.values()) <= vocabulary:
            prefix = codes[target]
            note = f"this model wants {codes[source]} before each source text"
    tag = f"<2{target}>"
    if tag in vocabulary:
        note = f"this model wants {tag} before each source text: “{tag} …”"
    metadata = {
        "package_version": about.version or "1.0",
        "argos_version": "1.9",
        "from_code": source,
        "from_name": NAMES[source],
        "to_code": target,
        "to_name": NAMES[target],
        "target_prefix": prefix,
        "license": about.licence,
        "links": [],
    }
    readme = f"# {name}, {source} to {target}\n\nLicence: {about.licence or 'not stated'}\n"
    readme += f"\nNote: {note}.\n" if note else ""
    root = f"translate-{source}_{target}-{metadata['package_version'].replace('.', '_')}"
    try:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            text = json.dumps(metadata, ensure_ascii=False, indent=1)
            out.writestr(_info(f"{root}/metadata.json"), text)
            out.writestr(_info(f"{root}/README.md"), readme)
            out.writestr(_info(f"{root}/sentencepiece.model"), pieces.read_bytes())
            for path in members:
                out.writestr(_info(f"{root}/model/{path.name}"), path.read_bytes())
    except OSError as error:
        raise ModelError(f"{display(archive)}: cannot be written: {error.strerror}") from None
    return note


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info
