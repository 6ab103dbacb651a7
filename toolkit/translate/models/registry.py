"""The models installed on this machine, each in a folder of its own with a manifest of its files.

A manifest (``tongwen-model.json``) pins the SHA-256 of every file, says where the model came from
and what it is. Folders the user keeps elsewhere need none: they are named by their path.
"""

import datetime
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit import files
from toolkit.errors import ModelError
from toolkit.files import display
from toolkit.translate.engine import Engine, starter
from toolkit.translate.models import archives, convert, packages
from toolkit.translate.models.packages import Description

MANIFEST = "tongwen-model.json"
SHIPPED = "starter"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHA = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Installed:
    """A model with a name; ``hashes`` are the SHA-256 of its files, by their path below it.

    ``archive`` is the SHA-256 of what was downloaded, "" where it was a folder; ``measured`` what
    ``models bench`` found here: {"zh-en": {"chrf": …}, "threads": …}.
    """

    name: str
    folder: Path
    description: Description
    source: str
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    archive: str = ""
    installed: str = ""
    measured: Mapping[str, Any] | None = None

    @property
    def size(self) -> int:
        return sum(self.sizes.values())


def default_home(environment: Mapping[str, str]) -> Path:
    """Return where models are kept: TONGWEN_MODELS, else below the user's data folder."""
    if environment.get("TONGWEN_MODELS"):
        return Path(environment["TONGWEN_MODELS"]).expanduser()
    if os.name == "nt" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "tongwen" / "models"
    data = environment.get("XDG_DATA_HOME")
    base = Path(data) if data else Path("~/.local/share").expanduser()
    return base / "tongwen" / "models"


class Registry:
    """The models below one folder, which need not exist yet; the one that ships counts too."""

    def __init__(self, home: Path) -> None:
        self.home = home

    # -- What there is

    def __iter__(self) -> Iterator[Installed]:
        """Give the shipped model, then the others by name; broken ones are passed over."""
        yield self._shipped()
        for name in self.names():
            try:
                yield self.get(name)
            except ModelError:
                continue

    def names(self) -> list[str]:
        """Return the names of what was installed, sound or not, without the shipped model."""
        try:
            found = [p.name for p in self.home.iterdir() if _NAME.fullmatch(p.name) and p.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelError(
                f"{display(self.home)}: cannot be read: {error.strerror}; set TONGWEN_MODELS to"
                " another folder"
            ) from None
        return sorted(found)

    def get(self, name: str) -> Installed:
        """Return an installed model.

        Raises:
            ModelError: If there is none of that name, or its manifest is missing or damaged.
        """
        if name == SHIPPED:
            return self._shipped()
        folder = self.home / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            known = ", ".join([SHIPPED, *self.names()])
            raise ModelError(f"{name}: no model of that name is installed (there is: {known})")
        return _read_manifest(folder)

    def _shipped(self) -> Installed:
        folder = starter()
        return Installed(
            SHIPPED,
            folder,
            replace(packages.describe(folder, SHIPPED), licence="as the program"),
            "ships with the program",
            {},
            folder_sizes(folder),
        )

    def resolve(self, model: str) -> Path:
        """Return the folder of a model named by its path or by its installed name.

        A path wins over a name. What is neither comes back as a path, and the engine says so.
        """
        path = Path(model)
        if path.exists() or not _NAME.fullmatch(model):
            return path
        if model == SHIPPED or (self.home / model).is_dir():
            return self.get(model).folder
        return path

    def engine(self, model: str, source: str, target: str) -> Engine:
        """Return an engine for a model named by path or name, set as ``models bench`` found best.

        Raises:
            ModelError: If the model states its directions and this is none of them.
        """
        folder = self.resolve(model)
        installed = None
        if self.home in folder.parents and folder.name in self.names():
            installed = self.get(folder.name)
            about = installed.description
        else:
            about = packages.describe(folder) if packages.home_of(folder) else None
        if about and about.directions and (source, target) not in about.directions:
            raise ModelError(
                f"{model}: this model does not translate {source}>{target} (but {about.ways});"
                " name another, or leave out --model for the one that ships"
            )
        measured = installed.measured if installed else None
        if measured and {"workers", "threads", "compute_type"} <= measured.keys():
            workers, threads = measured["workers"], measured["threads"]
            return Engine(folder, int(workers), int(threads), str(measured["compute_type"]))
        return Engine(folder)

    # -- Coming and going

    def free(self, name: str) -> None:
        """Raise a `ModelError` where a name is taken."""
        if name == SHIPPED:
            raise ModelError(f"{name}: is the name of the shipped model; choose another: --name")
        if (self.home / name).exists():
            raise ModelError(
                f"{name}: a model of that name is installed; choose another with --name, or remove"
                f" it first: tongwen models remove {name}"
            )

    def sound(self, name: str) -> None:
        """Raise a `ModelError` where a model is not as it was installed."""
        problems = self.verify(name)
        if problems:
            raise ModelError(
                f"{name}: not exported, since it is not as it was installed: {problems[0]};"
                " install it again"
            )

    def install(
        self,
        origin: Path,
        name: str,
        source: str,
        *,
        archive: str = "",
        limits: archives.Limits | None = None,
        description: Description | None = None,
        converted: bool = False,
    ) -> Installed:
        """Take a folder or an archive in under a name; all of it or nothing.

        Args:
            origin: A folder that is copied, or an archive that is unpacked.
            source: Where it came from, for people.
            archive: SHA-256 of the archive, where known already.
            description: What was known of it beforehand; fills what its files do not state.
            converted: Convert weights of another program on the way.

        Raises:
            ModelError: If the name is taken or unfit, the conversion fails, or the origin holds no
                model that fits its own manifest.
        """
        check_name(name)
        self.free(name)
        packed = origin.is_file()
        temporary = self.home / f".{name}.{secrets.token_hex(4)}"
        try:
            temporary.mkdir(parents=True)
            if packed:
                archive = archive or sha256(origin)
                archives.unpack(origin, temporary, limits)
            else:
                _copy(origin, temporary)
            root = temporary
            if converted and packages.home_of(temporary) is None:
                root = temporary / ".converted"
                convert.convert(temporary, root)
            root = packages.root_of(root)
            made = self._taken(root, name, source, archive, description)
            _write_manifest(made)
            root.rename(self.home / name)
        except OSError as error:
            raise ModelError(
                f"{display(self.home)}: the model cannot be installed: {error.strerror or error}"
            ) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return replace(made, folder=self.home / name)

    def _taken(
        self, root: Path, name: str, source: str, archive: str, known: Description | None
    ) -> Installed:
        names = _files(root)
        hashes = {item: sha256(root / item) for item in names}
        sizes = folder_sizes(root)
        found = packages.describe(root, name)
        if (root / MANIFEST).is_file():  # exported by this program: its own words, its own hashes
            before = _read_manifest(root)
            _same(before, hashes, display(source))
            found, source = before.description, f"{before.source} (by way of {source})"
        if known is not None:
            found = replace(
                found,
                directions=found.directions or known.directions,
                languages=found.languages or known.languages,
                licence=known.licence or found.licence,
                scores=found.scores or known.scores,
                kind=known.kind if found.kind == "CTranslate2" else found.kind,
            )
        today = datetime.date.today().isoformat()
        return Installed(name, root, found, source, hashes, sizes, archive, today)

    def remove(self, name: str) -> Installed | None:
        """Delete an installed model; a broken one too, of which nothing is known any more.

        Raises:
            ModelError: If there is none of that name, or it cannot be deleted.
        """
        if name == SHIPPED:
            raise ModelError(f"{name}: ships with the program and stays")
        try:
            gone: Installed | None = self.get(name)
        except ModelError:
            if name not in self.names():
                raise
            gone = None
        # Out of sight first: a half-deleted model must not look like one.
        doomed = self.home / f".{name}.{secrets.token_hex(4)}"
        try:
            (self.home / name).rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            raise ModelError(
                f"{display(self.home / name)}: cannot be removed: {error.strerror}"
            ) from None
        return gone

    def verify(self, name: str) -> list[str]:
        """Return what differs from the manifest: changed, missing and added files, in words."""
        installed = self.get(name)
        if name == SHIPPED:
            return []  # pinned by the installation it is a part of
        return list(_differences(installed.folder, installed.hashes))

    def export(self, name: str, archive: Path) -> Installed:
        """Write a model with its manifest as one file, for a desk without a network.

        Raises:
            ModelError: If the model is damaged (nothing is written then) or the file cannot be.
        """
        installed = self.get(name)
        self.sound(name)
        if not installed.hashes:  # the shipped one: it gets a manifest for the journey
            raise ModelError(
                f"{name}: ships with the program, on every desk; to use it in Argos Translate add"
                " --argos FROM:TO"
            )
        archives.pack(installed.folder, [*installed.hashes, MANIFEST], archive, name)
        return installed

    def note(self, name: str, measured: Mapping[str, Any]) -> None:
        """Write down what a measurement found, for the choice among several models."""
        installed = self.get(name)
        if name == SHIPPED:
            return
        _write_manifest(replace(installed, measured={**(installed.measured or {}), **measured}))


def check_name(name: str) -> str:
    """Return a name that can be a folder's on every system.

    Raises:
        ModelError: If it is none.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        shown = name if name.isprintable() else repr(name)
        raise ModelError(
            f"“{shown[:60]}” is no name for a model: use letters of a to z, figures, - . _"
        )
    return str(archives.safe_name(name, "name"))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ModelError(f"{display(path)}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def folder_sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of each file below a folder."""
    return {name: (folder / name).stat().st_size for name in _files(folder)}


def _files(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST and "__pycache__" not in path.parts:
            found.append(name)
    return found


def _copy(origin: Path, folder: Path) -> None:
    """Copy a model's folder; links are followed, as hubs keep their files behind links."""
    if not origin.is_dir():
        raise ModelError(f"{display(origin)}: no such file or folder; check the spelling")
    names = _files(origin)
    if len(names) > archives.MOST_MEMBERS:
        raise ModelError(
            f"{display(origin)}: holds {len(names)} files; name the model's own folder"
        )
    for name in [*names, *([MANIFEST] if (origin / MANIFEST).is_file() else [])]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin / name, target)


def _differences(folder: Path, hashes: Mapping[str, str]) -> Iterator[str]:
    there = set(_files(folder))
    for name, wanted in hashes.items():
        if name not in there:
            yield f"{name} is missing"
        elif sha256(folder / name) != wanted:
            yield f"{name} was changed"
    for name in sorted(there - hashes.keys()):
        yield f"{name} was added"


def _same(before: Installed, hashes: Mapping[str, str], where: str) -> None:
    for name in dict.fromkeys((*before.hashes, *hashes)):
        if before.hashes.get(name) != hashes.get(name):
            raise ModelError(
                f"{where}: {name} is not the file its manifest pins; it was damaged or changed on"
                " the way: get it again"
            )


def _write_manifest(model: Installed) -> None:
    about = model.description
    record = {
        "tongwen-model": 1,
        "name": model.name,
        "kind": about.kind,
        "directions": [list(way) for way in about.directions],
        "languages": list(about.languages),
        "licence": about.licence,
        "title": about.title,
        "version": about.version,
        "scores": dict(about.scores),
        "source": model.source,
        "archive_sha256": model.archive,
        "installed": model.installed,
        "files": {
            name: {"size": model.sizes[name], "sha256": digest}
            for name, digest in model.hashes.items()
        },
        "measured": dict(model.measured or {}),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    files.write_text(model.folder / MANIFEST, text)


def _read_manifest(folder: Path) -> Installed:
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelError(
            f"{display(folder)}: {MANIFEST} is missing; remove the model and install it again"
        )
    record = packages.json_object(path)
    try:
        if record["tongwen-model"] != 1:
            raise ModelError(f"{display(path)}: written by a newer version of this program")
        pinned = {
            archives.safe_name(name, display(path)).as_posix(): entry
            for name, entry in record["files"].items()
        }
        hashes = {name: str(entry["sha256"]) for name, entry in pinned.items()}
        if not hashes or not all(_SHA.fullmatch(value) for value in hashes.values()):
            raise ValueError("sha256")
        about = Description(
            str(record["kind"]),
            tuple((str(one), str(two)) for one, two in record["directions"]),
            tuple(map(str, record["languages"])),
            str(record["licence"]),
            str(record.get("title", "")),
            str(record.get("version", "")),
            tuple((str(key), float(value)) for key, value in record["scores"].items()),
        )
        return Installed(
            folder.name if _NAME.fullmatch(folder.name) else str(record["name"]),
            folder,
            about,
            str(record["source"]),
            hashes,
            {name: int(entry["size"]) for name, entry in pinned.items()},
            str(record["archive_sha256"]),
            str(record["installed"]),
            record.get("measured") or {},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{display(path)}: not a manifest ({type(error).__name__}: {str(error)[:60]}); remove"
            " the model and install it again"
        ) from None
