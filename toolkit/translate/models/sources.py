"""What can be installed from outside, and what is known of it before a byte of it is fetched."""

import hashlib
import io
import json
import re
import shutil
import tempfile
import urllib.parse
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import files
from toolkit.errors import ModelError
from toolkit.translate.models import archives, convert, download, packages, registry
from toolkit.translate.models.download import Line
from toolkit.translate.models.packages import Description

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# What of a hub's folder belongs to a CTranslate2 model; weights of other programs stay there.
_WANTED = re.compile(
    r"(?:model\.bin|config\.json|README\.md|LICEN[CS]E(?:\.\w+)?|[\w.-]*vocab[\w.-]*\.(?:json|txt)"
    r"|[\w.-]+\.(?:spm|model)|(?:sentencepiece|spm)[\w.-]*)",
    re.IGNORECASE,
)
_CARD_AT_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file to fetch: its name, addresses (any will do), and how it is known to be whole."""

    name: str
    urls: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None
    git_blob: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A model somebody offers; ``archive`` says whether its one part is to be unpacked."""

    name: str
    source: str
    description: Description
    parts: tuple[Part, ...]
    archive: bool
    pinned: bool

    @property
    def size(self) -> int | None:
        sizes = [part.size for part in self.parts]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def of_url(url: str, line: Line, sha256: str | None = None) -> Offer:
    """Describe an archive by its address; of a ZIP the description inside is read beforehand.

    Raises:
        ModelError: If the address cannot be reached.
    """
    remote = download.Remote(url, line)
    name = _name_of(url)
    description = Description("archive", ())
    if remote.partial:
        description = _peeked(remote, name) or description
    part = Part(name, (url,), remote.size, sha256)
    return Offer(_stem(name), url, description, (part,), True, sha256 is not None)


def _peeked(remote: download.Remote, name: str) -> Description | None:
    """Read metadata.json and the card inside a ZIP on a server; None: it is no ZIP."""
    try:
        with zipfile.ZipFile(io.BufferedReader(remote, 65_536)) as opened:  # type: ignore[type-var]
            texts = {}
            for info in opened.infolist():
                inner = Path(info.filename).name
                if inner in ("metadata.json", "README.md", "MODEL_CARD.md", "tongwen-model.json"):
                    if info.file_size <= _CARD_AT_MOST and not info.flag_bits & 1:
                        with opened.open(info) as file:
                            texts.setdefault(
                                inner, file.read(_CARD_AT_MOST).decode("utf-8", "replace")
                            )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError):
        return None
    own = _object(texts.get("tongwen-model.json"))
    if own:
        return _of_manifest(own)
    metadata = _object(texts.get("metadata.json"))
    card = texts.get("README.md") or texts.get("MODEL_CARD.md") or ""
    carded = packages.of_card(card, name)
    if not metadata:
        return carded
    found = packages.of_metadata(metadata)
    return found if found.licence else packages.replace_licence(found, carded.licence)


def _of_manifest(record: Mapping[str, Any]) -> Description:
    ways = tuple(
        (str(way[0]), str(way[1]))
        for way in record.get("directions", ())
        if isinstance(way, list) and len(way) == 2
    )
    return Description(str(record.get("kind", "")), ways, licence=str(record.get("licence", "")))


def _object(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# Argos Translate's index -----------------------------------------------------------------------


def index(where: str, line: Line | None) -> list[Mapping[str, Any]]:
    """Return the entries of an index of Argos packages, from a file or an address.

    Raises:
        ModelError: If it cannot be read, or is an address and ``line`` is None.
    """
    if where.startswith(("http://", "https://")):
        if line is None:
            raise ModelError(
                f"{where}: only “tongwen models install” goes online; save the index as a file"
            )
        text = download.text(where, line)
    else:
        text = files.read_text(where).text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{where}: the index is no JSON ({str(error)[:80]})") from None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ModelError(f"{where}: no index of Argos packages, which is a JSON list of objects")
    return [entry for entry in found if entry.get("type", "translate") == "translate"]


def entry_name(entry: Mapping[str, Any]) -> str:
    """Return what an entry is called: its code, or "translate-zh_en" as Argos Translate says."""
    code = entry.get("code")
    return str(code or f"translate-{entry.get('from_code', '?')}_{entry.get('to_code', '?')}")


def of_index(where: str, wanted: str, line: Line, sha256: str | None = None) -> Offer:
    """Find a package in an index by its name or direction (``zh-en``, ``translate-zh_en``).

    Of several versions the newest is taken.

    Raises:
        ModelError: If there is none of that name, or the entry has no address.
    """
    entries = index(where, line)
    plain = re.sub("[_>:]", "-", wanted.removeprefix("translate-"))
    found = [
        entry for entry in entries
        if wanted == entry_name(entry)
        or plain == f"{entry.get('from_code')}-{entry.get('to_code')}"
    ]  # fmt: skip
    if not found:
        names = [entry_name(entry) for entry in entries]
        near = [name for name in names if set(re.split("[-_]", name)) & set(plain.split("-"))]
        shown = ", ".join((near or names)[:8])
        raise ModelError(f"{wanted}: no such package in {where} (there is: {shown or 'nothing'})")
    entry = max(found, key=lambda entry: _version(str(entry.get("package_version", ""))))
    links = [str(link) for link in packages.listed(entry.get("links"))]
    urls = tuple(link for link in links if link.startswith(("http://", "https://")))
    if not urls:
        raise ModelError(f"{where}: the entry {entry_name(entry)} has no http address")
    digest = sha256 or str(entry.get("sha256") or "") or None
    if digest and not _SHA256.fullmatch(digest):
        raise ModelError(f"{where}: the SHA-256 of {entry_name(entry)} is none")
    size = entry.get("size")
    size = size if isinstance(size, int) and size > 0 else download.Remote(urls[0], line).size
    part = Part(_name_of(urls[0]), urls, size, digest)
    description = packages.of_metadata(entry)
    return Offer(entry_name(entry), urls[0], description, (part,), True, digest is not None)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:4])


# A model hub ---------------------------------------------------------------------------------


def of_hub(hub: str, model: str, line: Line, converted: bool = False) -> Offer:
    """Describe a model of a hub that speaks Hugging Face's interface: ``owner/name[@revision]``.

    With ``converted`` one whose weights are for another program is offered as well, with what a
    conversion reads. The hub states the SHA-256 of large files and the git hash of small ones;
    both are checked.

    Raises:
        ModelError: If there is none of that name, or it is not converted for CTranslate2.
    """
    name, _, revision = model.partition("@")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name) or ".." in name:
        raise ModelError(f"{model}: no name of a model on a hub; write owner/name")
    revision = revision or "main"
    base = hub.rstrip("/")
    quoted = urllib.parse.quote(revision, safe="")
    about = _object(download.text(f"{base}/api/models/{name}/revision/{quoted}?blobs=true", line))
    listed = [entry for entry in packages.listed(about.get("siblings")) if isinstance(entry, dict)]
    names = [str(entry.get("rfilename", "")) for entry in listed]
    wanted = _WANTED
    if converted and "model.bin" not in names and any(n.endswith(".safetensors") for n in names):
        wanted = convert.WANTED
    elif "model.bin" not in names:
        raise ModelError(
            f"{base}/{name}: no model.bin there (there is: {', '.join(names[:6])}); it is not"
            " converted for CTranslate2: look for one that is (their names often hold “ct2”), or"
            " add --convert, which needs model.safetensors"
        )
    # The commit, not the branch, so that all files are of one version.
    commit = str(about.get("sha") or revision)
    parts = []
    for entry, filename in zip(listed, names, strict=True):
        if not wanted.fullmatch(filename):
            continue
        large = entry.get("lfs") if isinstance(entry.get("lfs"), dict) else {}
        digest = str(large.get("sha256") or large.get("oid") or "").removeprefix("sha256:")
        size = entry.get("size") or large.get("size")
        blob = str(entry.get("blobId") or "")
        url = f"{base}/{name}/resolve/{commit}/{urllib.parse.quote(filename)}"
        parts.append(
            Part(
                str(archives.safe_name(filename, f"{base}/{name}")),
                (url,),
                size if isinstance(size, int) else None,
                digest if _SHA256.fullmatch(digest) else None,
                blob if not digest and re.fullmatch("[0-9a-f]{40}", blob) else None,
            )
        )
    card = about.get("cardData") if isinstance(about.get("cardData"), dict) else {}
    licence = str(card.get("license") or "")
    readme = ""
    if "README.md" in names:
        readme = download.text(f"{base}/{name}/resolve/{commit}/README.md", line)
    description = packages.of_card(readme, name)
    if licence:
        description = packages.replace_licence(description, licence)
    pinned = all(part.sha256 or part.git_blob for part in parts)
    short = name.split("/")[1]
    return Offer(short, f"{base}/{name}@{commit}", description, tuple(parts), False, pinned)


# Fetching --------------------------------------------------------------------------------------


def get(
    offer: Offer,
    folder: Path,
    line: Line,
    progress: Callable[[int, int | None], None] | None = None,
) -> tuple[Path, str]:
    """Fetch an offer into a folder; return the archive and its SHA-256, or the folder and "".

    Raises:
        ModelError: As `download.fetch`; where a part has several addresses, after the last.
    """
    done = 0
    digest = ""
    for part in offer.parts:
        base = done

        def watch(now: int, whole: int | None, base: int = base) -> None:
            if progress:
                progress(base + now, offer.size or (whole if offer.archive else None))

        target = folder / part.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if _whole(target, part):
            digest = part.sha256 or ""
        else:
            digest = _from_any(part, target, line, watch)
        done += target.stat().st_size
    if offer.archive:
        return folder / offer.parts[0].name, digest
    return folder, ""


def _whole(target: Path, part: Part) -> bool:
    """Tell whether a part came whole before the others were cut off; unpinned ones come anew."""
    return (
        part.sha256 is not None and target.is_file() and download.sha256_of(target) == part.sha256
    )


def _from_any(part: Part, target: Path, line: Line, watch: Any) -> str:
    problems: list[str] = []
    for url in part.urls:
        try:
            return download.fetch(
                url, target, line, sha256=part.sha256, git_blob=part.git_blob, size=part.size,
                limit=archives.MOST_BYTES, progress=watch,
            )  # fmt: skip
        except ModelError as error:
            problems.append(str(error))
    raise ModelError("; ".join(problems))


def _name_of(url: str) -> str:
    name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1])
    name = re.sub(r"[^A-Za-z0-9._-]", "-", name).strip(".-")
    return name[:120] or "download"


def _stem(name: str) -> str:
    return re.sub(r"\.(?:argosmodel|zip|tar|tgz|tar\.\w+)$", "", name) or "model"


def forget(folder: Path) -> None:
    """Delete what a download left, once it is installed."""
    shutil.rmtree(folder, ignore_errors=True)


def local_name(path: Path) -> str:
    """Return what a file or folder is called as a model, without what tells its format."""
    name = _stem(re.sub(r"[^A-Za-z0-9._-]", "-", path.absolute().name).strip(".-"))
    return name if path.is_file() else name or "model"


def of_local(path: Path) -> tuple[Description, int]:
    """Describe an archive or folder on this machine, and say how large it is.

    Raises:
        ModelError: If it is neither, or holds no model.
    """
    if path.is_dir():
        root = packages.root_of(path)
        return packages.describe(root), sum(registry.folder_sizes(root).values())
    with tempfile.TemporaryDirectory() as temporary:
        archives.unpack(path, Path(temporary))
        root = packages.root_of(Path(temporary))
        return packages.describe(root, path.name), path.stat().st_size


def listing(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, Description]]:
    """Return name and description of each entry of an index."""
    return [(entry_name(entry), packages.of_metadata(entry)) for entry in entries]


def cache_of(home: Path, offer: Offer) -> Path:
    """Return where an offer's unfinished download waits, one place for each source."""
    short = hashlib.sha256(offer.source.encode()).hexdigest()[:12]
    return home / f".download-{short}"
