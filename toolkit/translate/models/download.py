"""Fetch a file over HTTP so that a cut line costs nothing and a changed byte is noticed.

The only module of the program that opens a connection, and only ``tongwen models install`` calls
it. Proxies are those of the environment (``HTTPS_PROXY``, ``NO_PROXY``) unless one is named.
"""

import email.message
import hashlib
import http.client
import io
import json
import re
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.errors import ModelError
from toolkit.files import display

_CHUNK = 256 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_WAIT_AT_MOST = 30.0
_DESCRIPTION_AT_MOST = 16 * 1024 * 1024
_TEMPORARY = frozenset((408, 425, 429, 500, 502, 503, 504))
_SAID = {
    401: "the server asks for a password or a token; get the file with a browser and install the"
    " file",
    403: "the server refuses; get the file with a browser and install the file",
    404: "there is no such file; check the address",
    410: "the file is gone from there; look for a newer address",
}


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach the outside.

    Args:
        mirror: Address that stands for scheme and host of every URL ("" : none).
        proxy: Proxy for all URLs; None: as the environment says.
        timeout: Seconds without a byte until a connection counts as lost.
        tries: Attempts in a row that bring nothing until it is given up.
        pause: Seconds before the second attempt; doubled each time.
    """

    mirror: str = ""
    proxy: str | None = None
    timeout: float = 30.0
    tries: int = 5
    pause: float = 1.0

    def address(self, url: str) -> str:
        """Return where a URL is really asked for.

        Raises:
            ModelError: If it is no http or https address.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ModelError(f"{url}: no http:// or https:// address")
        if not self.mirror:
            return url
        mirror = urllib.parse.urlsplit(self.mirror)
        if mirror.scheme not in ("http", "https") or not mirror.hostname:
            raise ModelError(f"{self.mirror}: the mirror is no http:// or https:// address")
        path = mirror.path.rstrip("/") + parts.path
        return urllib.parse.urlunsplit((mirror.scheme, mirror.netloc, path, parts.query, ""))


class _Redirect(urllib.request.HTTPRedirectHandler):
    """Follow redirections to http and https only, and never from https down to http."""

    def redirect_request(self, request: Any, *rest: Any) -> Any:
        new = super().redirect_request(request, *rest)
        if new is not None:
            if new.type not in ("http", "https"):
                raise ModelError(f"{request.full_url}: redirects to {new.type}:, which is refused")
            if request.type == "https" and new.type == "http":
                raise ModelError(
                    f"{request.full_url}: redirects from https to http, which is refused"
                )
        return new


def _opener(line: Line) -> urllib.request.OpenerDirector:
    proxies = None if line.proxy is None else {"http": line.proxy, "https": line.proxy}
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirect(),
    ):
        opener.add_handler(handler)
    return opener


def fetch(
    url: str,
    target: Path,
    line: Line,
    *,
    sha256: str | None = None,
    git_blob: str | None = None,
    size: int | None = None,
    limit: int,
    progress: Callable[[int, int | None], None] | None = None,
) -> str:
    """Download a URL into a file and return its SHA-256.

    What an earlier attempt left in ``target.part`` is taken up where the server still has the same
    file (``Range`` with ``If-Range``); a finished download that has another hash is deleted.

    Args:
        sha256: What the file must have; None: whatever comes is taken.
        git_blob: The file's SHA-1 as a git blob, which is what hubs state for small files.
        size: What the file must measure, where known.
        limit: Bytes at most.
        progress: Called with bytes so far and in all (None: unknown).

    Raises:
        ModelError: If the file cannot be had whole, or is not the one that is wanted.
    """
    part = target.with_name(target.name + ".part")
    address = line.address(url)
    opener = _opener(line)
    attempts = 0
    while True:
        before = _size(part)
        try:
            whole = _attempt(opener, address, part, line, limit, size, progress)
            break
        except _Lost as lost:
            attempts = 1 if _size(part) > before else attempts + 1
            if attempts >= line.tries:
                kept = f"; {_size(part)} bytes are kept, run it again to go on" * bool(_size(part))
                raise ModelError(f"{address}: {lost}{kept}") from None
            time.sleep(min(lost.after or line.pause * 2 ** (attempts - 1), _WAIT_AT_MOST))
    _checked(part, address, sha256, git_blob, size if size is not None else whole)
    digest = sha256_of(part)
    try:
        part.replace(target)
        _note(part).unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(f"{display(target)}: cannot be written: {error.strerror}") from None
    return digest


class _Lost(Exception):
    """A connection that may come back; ``after`` are the seconds the server asked for."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


def _attempt(
    opener: urllib.request.OpenerDirector,
    address: str,
    part: Path,
    line: Line,
    limit: int,
    size: int | None,
    progress: Callable[[int, int | None], None] | None,
) -> int:
    """Get what is missing of a file; return its full size."""
    have, validator = _resumable(part, address)
    headers = {"User-Agent": "tongwen", "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    try:
        request = urllib.request.Request(address, headers=headers)
        with opener.open(request, timeout=line.timeout) as answer:
            return _received(answer, address, part, have, limit, size, progress)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and have:
            _forget(part)  # what is here is more than the server has: start anew
            raise _Lost("the server has another file now") from None
        if error.code in _TEMPORARY:
            raise _Lost(f"the server answers {error.code}", _after(error.headers)) from None
        said = _SAID.get(error.code, "the server does not give the file")
        raise ModelError(f"{address}: {said} (status {error.code})") from None
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as e:
        raise _Lost(_reason(e)) from None
    except ValueError as error:
        raise ModelError(f"{address}: not an address ({error})") from None
    except OSError as error:
        raise ModelError(f"{display(part)}: cannot be written: {error.strerror}") from None


def _received(
    answer: Any,
    address: str,
    part: Path,
    have: int,
    limit: int,
    size: int | None,
    progress: Callable[[int, int | None], None] | None,
) -> int:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise ModelError(
            f"{address}: the server packs the file on the way; that is not understood"
        )
    start, whole = 0, _length(answer.headers)
    if answer.status == 206:
        match = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
        if not match or int(match[1]) != have:
            _forget(part)
            raise _Lost("the server sent another part than was asked for")
        start, whole = have, None if match[3] == "*" else int(match[3])
    if size is not None and whole is not None and whole != size:
        _forget(part)
        raise ModelError(f"{address}: the file has {whole} bytes, {size} were announced")
    if whole is not None and whole > limit:
        raise ModelError(
            f"{address}: {whole / 1e9:.1f} GB, more than the {limit / 1e9:.1f} allowed"
        )
    part.parent.mkdir(parents=True, exist_ok=True)
    room = shutil.disk_usage(part.parent).free
    if whole is not None and whole - start > room:
        raise ModelError(
            f"{display(part.parent)}: {(whole - start) / 1e9:.1f} GB are needed, {room / 1e9:.1f}"
            " are free; make room or set TONGWEN_MODELS to a folder elsewhere"
        )
    note = {"url": address, "validator": _validator(answer.headers)}
    if start == 0:
        _note(part).write_text(json.dumps(note), encoding="utf-8")
    done = start
    with open(part, "ab" if start else "wb") as out:
        while chunk := _read(answer):
            done += len(chunk)
            if done > limit:
                raise ModelError(f"{address}: more than the {limit / 1e9:.1f} GB allowed")
            out.write(chunk)
            if progress:
                progress(done, whole)
    if whole is not None and done < whole:
        raise _Lost(f"the line was cut after {done} of {whole} bytes")
    return done


def _read(answer: Any) -> bytes:
    try:
        return answer.read1(_CHUNK)
    except http.client.IncompleteRead as error:
        return error.partial


def _resumable(part: Path, address: str) -> tuple[int, str]:
    """Return how much is there of the same file, and what the server knows that file by."""
    have = _size(part)
    try:
        note = json.loads(_note(part).read_text(encoding="utf-8"))
        validator = str(note["validator"])
        if have and validator and note["url"] == address:
            return have, validator
    except (OSError, ValueError, KeyError, TypeError):
        pass
    # Without a validator two versions of a file could be glued together: begin again.
    _forget(part)
    return 0, ""


def _validator(headers: email.message.Message) -> str:
    etag = headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")


def _checked(
    part: Path, address: str, sha256: str | None, git_blob: str | None, size: int | None
) -> None:
    problem = ""
    if size is not None and _size(part) != size:
        problem = f"the file has {_size(part)} bytes, {size} were announced"
    elif sha256 and sha256_of(part) != sha256.lower():
        problem = f"its SHA-256 is {sha256_of(part)}, wanted is {sha256.lower()}"
    elif git_blob and _blob(part) != git_blob:
        problem = f"its hash is {_blob(part)}, wanted is {git_blob}"
    if problem:
        _forget(part)
        raise ModelError(
            f"{address}: {problem}; it was thrown away. Do not use what you got there"
        )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _blob(path: Path) -> str:
    digest = hashlib.sha1(b"blob %d\0" % _size(path), usedforsecurity=False)
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _length(headers: email.message.Message) -> int | None:
    value = headers.get("Content-Length", "")
    return int(value) if value.isdecimal() else None


def _after(headers: email.message.Message) -> float:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 0.0


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError) or "timed out" in str(reason):
        return "the server does not answer in time"
    return f"no connection ({str(reason)[:100] or type(reason).__name__})"


# Before a download ----------------------------------------------------------------------------


def text(url: str, line: Line) -> str:
    """Return a small text of the outside: an index, a model card, a hub's answer.

    Raises:
        ModelError: If it cannot be had, or is larger than 16 MB.
    """
    address = line.address(url)
    data = _ask(address, line, {}, _DESCRIPTION_AT_MOST + 1)[0]
    if len(data) > _DESCRIPTION_AT_MOST:
        raise ModelError(f"{address}: larger than 16 MB; that is no description")
    return data.decode("utf-8-sig", "replace")


def _ask(address: str, line: Line, headers: dict[str, str], most: int) -> tuple[bytes, Any, int]:
    """Return an answer's first bytes, headers and status; tried as often as a download."""
    headers = {"User-Agent": "tongwen", "Accept-Encoding": "identity", **headers}
    for attempt in range(1, line.tries + 1):
        try:
            request = urllib.request.Request(address, headers=headers)
            with _opener(line).open(request, timeout=line.timeout) as answer:
                return answer.read(most), answer.headers, answer.status
        except urllib.error.HTTPError as error:
            error.close()
            said = _SAID.get(error.code, "the server does not give it")
            if error.code not in _TEMPORARY or attempt == line.tries:
                raise ModelError(f"{address}: {said} (status {error.code})") from None
        except (OSError, http.client.HTTPException) as error:
            if attempt == line.tries:
                raise ModelError(f"{address}: {_reason(error)}") from None
        except ValueError as error:
            raise ModelError(f"{address}: not an address ({error})") from None
        time.sleep(min(line.pause * 2 ** (attempt - 1), _WAIT_AT_MOST))
    raise AssertionError("unreachable")


class Remote(io.RawIOBase):
    """A file on a server, read in parts: the list of a ZIP without the ZIP.

    Raises:
        ModelError: On opening, if the server does not give parts of files.
    """

    def __init__(self, url: str, line: Line) -> None:
        self.address = line.address(url)
        self.line = line
        self.place = 0
        _, headers, status = _ask(self.address, line, {"Range": "bytes=0-0"}, 1)
        match = _CONTENT_RANGE.match(headers.get("Content-Range", ""))
        if status != 206 or not match or match[3] == "*":
            self.size = _length(headers)
            self.partial = False
            return
        self.size = int(match[3])
        self.partial = True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size or 0}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), (self.size or 0) - self.place)
        if wanted <= 0:
            return 0
        last = self.place + wanted - 1
        data, _, status = _ask(
            self.address, self.line, {"Range": f"bytes={self.place}-{last}"}, wanted
        )
        if status != 206 or not data:
            raise ModelError(f"{self.address}: the server stopped giving parts of the file")
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)
