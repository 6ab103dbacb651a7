"""Unpack an archive from a stranger without letting it write anywhere else, or fill the disk."""

import gzip
import lzma
import shutil
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from toolkit.errors import ModelError
from toolkit.files import display

# The largest translation models (NLLB 54B in int8) are bigger, but nobody runs them on a desk.
MOST_BYTES = 24 * 1024**3
MOST_MEMBERS = 2_000
# Weights hardly compress and vocabularies by 5; a bomb unpacks to a thousand times its size.
MOST_RATIO = 200
_RATIO_FREE = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_LONGEST_NAME = 240
_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul", *(f"{stem}{n}" for stem in ("com", "lpt") for n in range(1, 10))]
)
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError,
    NotImplementedError, gzip.BadGzipFile,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold: bytes unpacked, members, times its own size when unpacked."""

    bytes: int = MOST_BYTES
    members: int = MOST_MEMBERS
    ratio: int = MOST_RATIO


@dataclass(frozen=True, slots=True)
class _Member:
    """One regular file or folder of an archive; all else was refused."""

    name: PurePosixPath
    folder: bool
    size: int
    handle: Any


def is_archive(path: Path) -> bool:
    """Tell by its first bytes whether a file is a ZIP or TAR archive (plain, gz, bz2, xz)."""
    return path.is_file() and (zipfile.is_zipfile(path) or _is_tar(path))


def unpack(archive: Path, folder: Path, limits: Limits | None = None) -> None:
    """Unpack a ZIP or TAR archive into a folder that is there and empty.

    Nothing is written before every member's name, kind and declared size have been looked at, and
    what is written is counted, since a declared size may lie. Permissions and owners are not taken
    over.

    Raises:
        ModelError: If the archive is damaged, encrypted, holds a link, a device, a name that leads
            out of the folder or stands twice, or more than ``limits`` allow.
    """
    limits = limits or Limits()
    name = display(archive)
    try:
        with _opened(archive) as (members, opener):
            listed = _looked_at(members, name, limits, archive.stat().st_size)
            budget = _Budget(name, limits, archive.stat().st_size)
            for member in listed:
                target = folder.joinpath(*member.name.parts)
                if member.folder:
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with opener(member.handle) as source, open(target, "xb") as out:
                    budget.copy(source, out)
    except _DAMAGED as error:
        raise ModelError(
            f"{name}: the archive is damaged ({_said(error)}); get it again"
        ) from None
    except RuntimeError as error:  # zipfile's word for a member that needs a password
        raise ModelError(f"{name}: cannot be unpacked ({_said(error)})") from None
    except OSError as error:
        raise ModelError(f"{name}: cannot be unpacked: {error.strerror or error}") from None


class _Budget:
    """Count what is written, and stop where a member turns out larger than it said."""

    def __init__(self, name: str, limits: Limits, packed: int) -> None:
        self.name = name
        self.limits = limits
        self.packed = packed
        self.written = 0

    def copy(self, source: IO[bytes], out: IO[bytes]) -> None:
        while chunk := source.read(_CHUNK):
            self.written += len(chunk)
            _bounded(self.written, self.name, self.limits, self.packed)
            out.write(chunk)


def _bounded(size: int, name: str, limits: Limits, packed: int) -> None:
    if size > limits.bytes:
        raise ModelError(
            f"{name}: unpacks to more than {limits.bytes / 1e9:.1f} GB; that is no model for this"
            " program, or an archive made to fill the disk"
        )
    if size > _RATIO_FREE and size > packed * limits.ratio:
        raise ModelError(
            f"{name}: unpacks to more than {limits.ratio} times its own size; archives made to"
            " fill the disk look like that, and models do not"
        )


def _looked_at(
    members: Iterable[_Member], name: str, limits: Limits, packed: int
) -> list[_Member]:
    """Check all members before the first is written."""
    listed: list[_Member] = []
    seen: dict[str, bool] = {}
    total = 0
    for member in members:
        if len(listed) >= limits.members:
            raise ModelError(f"{name}: holds more than {limits.members} files; models hold a few")
        total += member.size
        _bounded(total, name, limits, packed)
        # Two names may be one on the disk of another system: by case, by Unicode form.
        key = unicodedata.normalize("NFC", str(member.name)).casefold()
        if key in seen and not (member.folder and seen[key]):
            raise ModelError(f"{name}: “{member.name}” stands in it twice; get a sound archive")
        seen[key] = member.folder
        listed.append(member)
    for member in listed:
        for parent in member.name.parents:
            key = unicodedata.normalize("NFC", str(parent)).casefold()
            if seen.get(key) is False:
                raise ModelError(f"{name}: “{parent}” is both a file and a folder in it")
    if not any(not member.folder for member in listed):
        raise ModelError(f"{name}: the archive holds no file")
    return listed


def safe_name(raw: str, where: str) -> PurePosixPath:
    """Return a member's path, which lies below the folder it is unpacked into.

    Raises:
        ModelError: If it is absolute, climbs out, or means something else on another system.
    """
    shown = (
        raw.encode("unicode_escape").decode("ascii")[:80] if not raw.isprintable() else raw[:80]
    )
    path = PurePosixPath(raw)
    parts = path.parts
    climbs = raw.startswith("/") or "\\" in raw or ".." in raw.split("/") or ":" in raw
    if not parts or climbs:
        raise ModelError(
            f"{where}: “{shown}” would be written outside its folder; nothing was unpacked"
        )
    for part in parts:
        odd = not part.isprintable() or part != part.strip() or part.endswith(".")
        if odd or len(part.encode("utf-8", "replace")) > _LONGEST_NAME:
            raise ModelError(f"{where}: “{shown}” is no name for a file; nothing was unpacked")
        if part.split(".")[0].casefold() in _WINDOWS:
            raise ModelError(f"{where}: “{shown}” names a device; nothing was unpacked")
    return path


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[Iterable[_Member], Any]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield _zip_members(opened, display(archive)), opened.open
    elif _is_tar(archive):
        with tarfile.open(archive) as opened:
            yield _tar_members(opened, display(archive)), opened.extractfile
    else:
        raise ModelError(
            f"{display(archive)}: neither a ZIP nor a TAR archive (an .argosmodel is a ZIP); it"
            " may be damaged: get it again"
        )


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except (OSError, *_DAMAGED):
        return False


def _zip_members(opened: zipfile.ZipFile, where: str) -> Iterator[_Member]:
    for info in opened.infolist():
        if info.flag_bits & 0x1:
            raise ModelError(f"{where}: is encrypted; get one that is not")
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ModelError(
                f"{where}: “{info.filename[:80]}” is a link or a device; nothing was unpacked"
            )
        # orig_filename: the name before zipfile cut it at a zero or turned its separators.
        path = safe_name(info.orig_filename, where)
        yield _Member(path, info.is_dir(), info.file_size, info)


def _tar_members(opened: tarfile.TarFile, where: str) -> Iterator[_Member]:
    for info in opened:
        if info.name in (".", "./"):
            continue
        if not (info.isreg() or info.isdir()):
            raise ModelError(
                f"{where}: “{info.name[:80]}” is a link or a device; nothing was unpacked"
            )
        yield _Member(safe_name(info.name, where), info.isdir(), info.size, info)


def pack(folder: Path, names: Iterable[str], archive: Path, root: str) -> None:
    """Write files of a folder into a ZIP under one root folder, the same bytes every time.

    Raises:
        ModelError: If a file cannot be read or the archive not be written.
    """
    from toolkit import files

    chosen = sorted(names)
    temporary = archive.with_name(f".{archive.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            for name in chosen:
                info = zipfile.ZipInfo(f"{root}/{name}", (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = (stat.S_IFREG | 0o644) << 16
                info.file_size = (folder / name).stat().st_size
                with open(folder / name, "rb") as source, out.open(info, "w") as target:
                    shutil.copyfileobj(source, target, _CHUNK)
        temporary.replace(archive)
    except OSError as error:
        why = error.strerror or error
        raise ModelError(f"{files.display(archive)}: cannot be written: {why}") from None
    finally:
        temporary.unlink(missing_ok=True)


def _said(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
