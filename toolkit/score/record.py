"""The record beside a score: with what it was made, so that another person gets the same."""

import hashlib
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from toolkit import __version__, encoder
from toolkit.errors import FileError, ScoreError

_PACKAGES = ("sacrebleu", "numpy", "pymorphy3", "pymorphy3-dicts-ru", "OpenCC")


def make(
    command: str,
    read: Sequence[str],
    glossaries: Sequence[str] = (),
    model: str | None = None,
    encoded: bool = False,
) -> dict[str, Any]:
    """Return what made a score: command, versions, and hashes of everything that was read.

    Args:
        command: As it was typed.
        read: The texts; ``-`` has no hash.
        glossaries: Their files.
        model: The folder or file of the model that made the translation, if the user names one.
        encoded: Whether the segment encoder took part.

    Raises:
        ScoreError: If the model is not there.
    """
    versions = {"tongwen": __version__, "python": platform.python_version()}
    for package in (*_PACKAGES, *((encoder.PACKAGE,) if encoded else ())):
        versions[package] = _version(package)
    return {
        "command": command,
        "versions": versions,
        "files": [
            {"path": path, "sha256": None if path == "-" else _file_hash(path)} for path in read
        ],
        "glossary": {
            "sha256": _joint_hash([_file_hash(path) for path in glossaries]),
            "files": [
                {"path": Path(path).name, "sha256": _file_hash(path)} for path in glossaries
            ],
        }
        if glossaries
        else None,
        "model": None if model is None else {"path": model, "sha256": model_hash(model)},
        "encoder": _encoder() if encoded else None,
    }


def model_hash(path: str) -> str:
    """Return one hash for all files of a model, whatever order a disk lists them in.

    Raises:
        ScoreError: If there is no such file or folder, or nothing in it.
    """
    place = Path(path)
    if place.is_file():
        return _file_hash(path)
    files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else []
    if not files:
        raise ScoreError(
            f"{path}: no model there; --model takes the folder of the model that made the "
            "translation"
        )
    return _joint_hash([f"{f.relative_to(place).as_posix()} {_file_hash(f)}" for f in files])


def text_hash(lines: Sequence[str]) -> str:
    """Return a hash of segments, the same whatever file and encoding they came from."""
    return _joint_hash(lines)


@cache
def _encoder() -> dict[str, str]:
    folder = encoder._package_folder()
    files = [folder / name for name in ("sp.model", "weights.npz")]
    return {"package": encoder.PACKAGE, "sha256": _joint_hash([_file_hash(f) for f in files])}


def _joint_hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _file_hash(path: str | Path) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
