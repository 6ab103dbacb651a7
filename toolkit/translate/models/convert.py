"""Turn a model that was published for another program into one that CTranslate2 runs.

Conversion needs what translation does not: ``transformers`` with ``torch`` for models of a hub, an
extra of this program. Marian's own files (``.npz``) need neither. Nothing is fetched here, and no
code that comes with a model is run.
"""

import re
import shutil
from pathlib import Path
from typing import Any

from toolkit.errors import ModelError
from toolkit.files import display

EXTRA = "pip install 'tongwen[convert]'"
# What of a hub's folder a conversion reads: weights as plain numbers, never as a program's memory.
WANTED = re.compile(
    r"(?:model[\w.-]*\.safetensors|model\.safetensors\.index\.json|[\w.-]*config\.json"
    r"|tokenizer[\w.-]*\.json|special_tokens_map\.json|vocab[\w.-]*\.(?:json|txt)"
    r"|(?:source|target|spiece|spm|sentencepiece)[\w.-]*\.(?:spm|model)|README\.md"
    r"|LICEN[CS]E(?:\.\w+)?)"
)
# What the engine reads beside the converted weights, and what tells of the model.
_KEPT = re.compile(
    r"[\w.-]+\.(?:spm|model)|README\.md|MODEL_CARD\.md|LICEN[CS]E(?:\.\w+)?", re.IGNORECASE
)


def unconverted(folder: Path) -> Path | None:
    """Return where weights of another program lie, below wrapping folders; None: nowhere."""
    here = folder
    for _ in range(4):
        if any(here.glob("*.safetensors")) or any(here.glob("*.npz")):
            return here
        inner = [path for path in here.iterdir() if not path.name.startswith((".", "__MACOSX"))]
        if len(inner) != 1 or not inner[0].is_dir():
            return None
        here = inner[0]
    return None


def convert(folder: Path, into: Path, quantization: str = "int8") -> None:
    """Convert the weights in ``folder`` into a CTranslate2 model in ``into``, a new folder.

    Raises:
        ModelError: If there is nothing that can be converted, the extra is not installed, or the
            conversion fails.
    """
    here = unconverted(folder)
    if here is None:
        pickled = any(folder.rglob("pytorch_model*.bin"))
        raise ModelError(
            f"{display(folder)}: nothing to convert: "
            + (
                "its weights are pickled (pytorch_model.bin), and unpickling runs whatever a"
                " stranger wrote; get the model as model.safetensors"
                if pickled
                else "no model.safetensors and no Marian .npz in it"
            )
        )
    converter = _marian(here) if any(here.glob("*.npz")) else _hub(here)
    try:
        converter.convert(str(into), quantization=quantization, force=False)
    except Exception as error:  # whatever a library finds wrong with a stranger's files
        raise ModelError(
            f"{display(here)}: the conversion failed ({_said(error)}); the model is damaged, or of"
            " a kind that CTranslate2 does not know"
        ) from None
    for path in sorted(here.iterdir()):
        if path.is_file() and _KEPT.fullmatch(path.name) and not (into / path.name).exists():
            shutil.copyfile(path, into / path.name)


def _hub(folder: Path) -> Any:
    for library in ("transformers", "torch"):
        try:
            __import__(library)
        except ImportError:
            raise ModelError(
                f"{display(folder)}: a model of a hub is converted with {library}, which is not"
                f" installed: {EXTRA}; or convert it elsewhere with ct2-transformers-converter"
                " and install the result"
            ) from None
    import ctranslate2

    # A path is read from the disk; code of the model's own (trust_remote_code) is not run.
    return ctranslate2.converters.TransformersConverter(
        str(folder.absolute()), trust_remote_code=False
    )


def _marian(folder: Path) -> Any:
    import ctranslate2

    if not (folder / "decoder.yml").is_file():
        raise ModelError(
            f"{display(folder)}: Marian weights without decoder.yml, which names their"
            " vocabularies; take the whole folder"
        )
    return ctranslate2.converters.OpusMTConverter(str(folder.absolute()))


def _said(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
