"""Let one writer at a time have a file; who dies lets go."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from toolkit.errors import FileError, GlossaryError
from toolkit.files import display

PATIENCE = 10.0  # seconds


@contextmanager
def locked(path: str | Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold ``path`` for this process alone; another writer waits, or is refused.

    The lock is a file beside it, ``.NAME.lock``, held by the operating system: it is free as soon
    as its holder ends, however that comes. The file goes with the lock.

    Raises:
        GlossaryError: If another process holds it for longer than ``patience`` seconds.
        FileError: If no lock can be made in that folder.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.lock")
    end = time.monotonic() + patience
    pause = 0.005
    while True:
        file = _open(beside, path)
        if _take(file) and _is_at(file, beside):
            break
        holder = _holder(file)
        file.close()
        if time.monotonic() > end:
            raise GlossaryError(
                f"{display(path)}: another program{holder} is changing it; nothing was written: "
                "run the command again when that is done"
            )
        time.sleep(pause)
        pause = min(0.1, pause * 1.5)
    try:
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield
    finally:
        # Taken away while it is held: who waits for this file sees that it is no longer there.
        try:
            beside.unlink()
        except OSError:  # Windows keeps an open file; it stays and is used again
            pass
        file.close()


def _open(beside: Path, path: str | Path) -> IO[bytes]:
    try:
        return open(beside, "a+b")
    except FileNotFoundError:
        folder = os.path.dirname(display(path)) or "."
        raise FileError(
            f"{display(path)}: the folder {folder} does not exist; make it first"
        ) from None
    except PermissionError:
        raise FileError(
            f"{display(path)}: no permission to write in its folder; nothing was written"
        ) from None
    except OSError as error:
        raise FileError(f"{display(path)}: cannot be locked: {error.strerror}") from None


def _take(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(file: IO[bytes], beside: Path) -> bool:
    """Say whether the file locked is the one others find, not one its holder took away."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(beside))
    except OSError:
        return False


def _holder(file: IO[bytes]) -> str:
    try:
        file.seek(0)
        number = file.read(20)
        return f" (process {int(number)})" if number else ""
    except (OSError, ValueError):
        return ""
