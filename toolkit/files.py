"""Read text whatever its encoding, naming it; write a file whole or not at all."""

import codecs
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.errors import FileError

# A dispatch is kilobytes, a corpus megabytes. The bound keeps /dev/zero from filling memory.
LIMIT = 512 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# First bytes of files that people take for text, what they are, and what to do instead.
_SIGNATURES = (
    (b"%PDF-", "a PDF file; copy its text into a .txt file"),
    (b"PK\x03\x04", "a ZIP archive (a .docx, .odt or .xlsx file is one); save it as plain text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file; save it as plain text"),
    (b"{\\rtf", "an RTF file; save it as plain text"),
    (b"\x1f\x8b", "gzip data; unpack it first"),
    (b"BZh", "bzip2 data; unpack it first"),
    (b"\xfd7zXZ\x00", "xz data; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x89PNG", "a PNG image; its text must be typed or recognised first"),
    (b"\xff\xd8\xff", "a JPEG image; its text must be typed or recognised first"),
    (b"GIF8", "a GIF image; its text must be typed or recognised first"),
    (b"\x7fELF", "a program; name a text file"),
    (b"SQLite format 3\x00", "an SQLite database; name a text file"),
)

# The commonest characters of running text in each script. A wrong decoding yields letters and
# ideographs too, but rare ones: real Chinese has over a third of its ideographs in this list,
# Chinese bytes read as another Chinese encoding a few per cent.
_HAN = frozenset(
    "的一是在不了有和人这这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "子说产种面而方后多定行学法所民得经三之进着等部度家电力里如水化高自二理起小物现实加量都两体制"
    "机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正"
    "心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题"
    "党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她"
    "手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东"
    "导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例"
    "真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需"
    "段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列"
    "习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王"
    "按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
    "這個國時來們對會發動學說產種後經進著電裡現實體機當點從業應開還義間樣與關線內數質氣變條結問"
    "無係軍長題黨員總設頭資邊圖統較將組見計別論運農幾區強決戰處隊給門規熱領東導壓爭濟階術極聯認"
    "權證轉單風帶場車務萬達積議聲報類離華確張馬節話況傳許廣記觀織裝書複復須際驗連斷難礦備辦習響"
    "約歷構稱準號維劃選標寫親廠屬圓調縣參細聽該鐵價嚴龍飛俄罗斯羅宁波寧新华社華訪访晤总總谊誼稳穩"
)
_HAN_MARKS = frozenset("。，、：；？！“”‘’（）《》—…　·「」『』")
# Russian letters by falling frequency in running text. KOI8-R and windows-1251 read each other's
# bytes as letters too: as rare ones, and with the cases exchanged.
_RU_ORDER = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_RU_WEIGHT = {letter: 1 - n / 40 for n, letter in enumerate(_RU_ORDER)}
_MARKS = frozenset("«»“”„‘’–—…№•·§°©®™€£")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's text with its newline characters as they were; ``path`` is for messages."""

    text: str
    encoding: str
    path: str


def display(path: str | Path) -> str:
    """Return a path that can be printed whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_text(path: str | Path) -> TextFile:
    """Read a text file, or standard input for ``-``, and name the encoding found.

    A byte order mark is dropped; nothing else is changed. Known are UTF-8, UTF-16 and UTF-32 with
    a mark, UTF-16 without one, GB18030 (with GBK and GB2312), Big5, windows-1251, KOI8-R and
    windows-1252.

    Raises:
        FileError: If there is no such file, or it is a folder, empty, binary or undecodable.
    """
    name, data = _read_bytes(path)
    text, encoding = decode(data, name)
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u00a0\u3000\u2028\u2029"):
        raise FileError(f"{name}: the file is empty (only white space); name a file with text")
    return TextFile(text, encoding, name)


def _read_bytes(path: str | Path) -> tuple[str, bytes]:
    if str(path) == "-":
        stream = getattr(sys.stdin, "buffer", None)
        if stream is None:
            raise FileError("stdin: standard input is closed; name a file instead of -")
        name = "stdin"
    else:
        name, stream = display(path), None
    try:
        if stream is not None:
            data = stream.read(LIMIT + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise FileError(f"{name}: no such file; check the spelling and the folder") from None
    except IsADirectoryError:
        raise FileError(f"{name}: is a folder; name a file in it") from None
    except PermissionError:
        raise FileError(f"{name}: no permission to read it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name, a closed stream
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be read: {reason}") from None
    if len(data) > LIMIT:
        raise FileError(f"{name}: larger than {LIMIT >> 20} MiB; split it first")
    return name, data


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of ``data`` without its byte order mark, and the encoding's name.

    ``name`` is used in messages only.

    Raises:
        FileError: If the bytes are empty, binary, or in no encoding known; a few broken bytes in
            a UTF-8 file are named with their line.
    """
    if not data:
        raise FileError(f"{name}: the file is empty; name a file with text")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, name), encoding
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise FileError(f"{name}: not text: {what}")
    if b"\0" in data or _controls(data) > 0.02:
        found = _utf16(data)
        if found is None:
            raise FileError(f"{name}: binary data, not text; name a text file")
        return found
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        fault = error
    if _broken_utf8(data):
        line = data.count(b"\n", 0, fault.start) + 1
        raise FileError(
            f"{name}:{line}: byte {fault.start + 1} of the file (0x{data[fault.start]:02x}) is "
            "not UTF-8, though the rest is; open the file in an editor and save it as UTF-8"
        )
    found = _legacy(data)
    if found is None:
        line = data.count(b"\n", 0, fault.start) + 1
        raise FileError(
            f"{name}:{line}: byte {fault.start + 1} of the file (0x{data[fault.start]:02x}): no "
            "known encoding (UTF-8, UTF-16, GB18030, Big5, windows-1251, KOI8-R) gives readable "
            "text; save the file as UTF-8"
        )
    return found


def _decode_marked(data: bytes, encoding: str, name: str) -> str:
    if not data:
        raise FileError(f"{name}: the file is empty (only a byte order mark)")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise FileError(
            f"{name}:{line}: byte {error.start + 1} after the byte order mark does not belong in "
            f"{encoding} text; the file is damaged or cut short: save it as UTF-8"
        ) from None
    if "\0" in text:
        raise FileError(f"{name}: binary data, not text; name a text file")
    return text


def _controls(data: bytes) -> float:
    """Return the share of control bytes that plain text has no use for."""
    sample = data[:1_000_000]
    kept = sample.translate(None, bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b"))
    return 1 - len(kept) / len(sample)


def _quality(text: str) -> float:
    """Return the share of characters that running Chinese, Russian or English consists of."""
    sample = text[:200_000]
    good = bad = 0.0
    previous = ""
    for char in sample:
        if char in " \t\r\n":
            previous = ""
            continue
        code = ord(char)
        if 0x20 < code < 0x7F:
            good += 0.02  # the same in every encoding: it decides nothing
        elif char == "\u00a0":
            good += 0.2
        elif char in _HAN or char in _HAN_MARKS or char in _MARKS:
            good += 1
        elif char in _RU_WEIGHT:
            good += _RU_WEIGHT[char]
            bad += (1 - _RU_WEIGHT[char]) / 2
        elif 0x410 <= code <= 0x42F or char == "Ё":
            if previous in _RU_WEIGHT:  # a capital within a word
                bad += 2
            else:
                weight = _RU_WEIGHT[char.lower()]
                good += 0.97 * weight
                bad += (1 - weight) / 2
        elif 0x4E00 <= code <= 0x9FFF:
            share = _rank(char)
            good += share
            bad += 0.9 - share
        else:
            bad += 1.5
        previous = char
    return good / (good + bad) if good + bad else 0.0


@cache
def _rank(char: str) -> float:
    """Return how ordinary an ideograph is: high on the first level of GB2312, less on Big5's."""
    for codec, first, last, rank in (("gb2312", 0xB0, 0xD7, 0.7), ("big5", 0xA4, 0xC6, 0.6)):
        try:
            if first <= char.encode(codec)[0] <= last:
                return rank
        except UnicodeEncodeError:
            pass
    return 0.1


def _utf16(data: bytes) -> tuple[str, str] | None:
    """Try UTF-16 without a mark; None where neither byte order gives readable text."""
    best = None
    if len(data) % 2 == 0:
        for encoding in ("utf-16-le", "utf-16-be"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                continue
            score = _quality(text)
            if score > 0.6 and (best is None or score > best[0]):
                best = (score, text, encoding)
    return None if best is None else (best[1], best[2])


def _broken_utf8(data: bytes) -> bool:
    """Tell whether data that is not UTF-8 nearly is: many whole sequences, few broken bytes."""
    text = data[:2_000_000].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return whole >= 4 and broken * 10 < whole and _quality(text.replace("\ufffd", "")) > 0.6


def _legacy(data: bytes) -> tuple[str, str] | None:
    """Choose among the encodings older than Unicode by how ordinary the text comes out."""
    best = None
    # Order decides ties: equal text from two encodings takes the commoner name.
    for encoding in ("gb18030", "cp1251", "big5hkscs", "koi8-r"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _quality(text)
        if best is None or score > best[0] + 1e-9:
            best = (score, text, encoding)
    western = _western(data)
    if western is not None:
        return western, "windows-1252"
    if len(data) % 2 == 0:
        found = _utf16(data)
        if found is not None and (best is None or _quality(found[0]) > best[0] + 0.1):
            return found
    if best is None or best[0] < 0.62:
        return None
    names = {"cp1251": "windows-1251", "big5hkscs": "big5"}
    return best[1], names.get(best[2], best[2])


def _western(data: bytes) -> str | None:
    """Decode English with typographic marks or single accented letters from windows-1252."""
    high = [n for n, byte in enumerate(data[:2_000_000]) if byte > 0x7F]
    if not high or len(high) * 12 > len(data):
        return None
    marks = b"\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xb0\xb7\x80"
    for n in high:
        alone = not any(0 <= m < len(data) and data[m] > 0x7F for m in (n - 1, n + 1))
        letter = data[n] >= 0xC0 and alone
        beside = any(0 <= m < len(data) and chr(data[m]).isalpha() for m in (n - 1, n + 1))
        if data[n] not in marks and not (letter and beside):
            return None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def write_text(path: str | Path, text: str, encoding: str = "utf-8") -> None:
    """Write ``text`` as it is, newlines included, whole or not at all.

    Raises:
        FileError: As ``write_bytes``, and where ``encoding`` lacks a character.
    """
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        char = text[error.start]
        raise FileError(
            f"{display(path)}: line {line} holds U+{ord(char):04X}, which {encoding} cannot "
            "express; nothing was written"
        ) from None
    except LookupError:
        raise FileError(f"{display(path)}: unknown encoding {encoding!r}") from None
    write_bytes(path, data)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Replace a file in one step; as `write_chunks`, with all the data at once."""
    write_chunks(path, (data,))


def write_chunks(path: str | Path, chunks: Iterable[bytes]) -> None:
    """Replace a file in one step, keeping its mode; on failure the old content stays.

    The chunks are written as they come, so that a file may be larger than memory.

    A symbolic link stays one: the file it points to is replaced. A device or pipe is written
    directly.

    Raises:
        FileError: If the folder is missing, there is no permission, or no space.
    """
    name = display(path)
    try:
        target = os.path.realpath(path)
        try:
            mode = os.stat(target).st_mode
        except FileNotFoundError:
            mode = None
        if mode is not None and stat.S_ISDIR(mode):
            raise FileError(f"{name}: is a folder; name a file in it")
        if mode is not None and not stat.S_ISREG(mode):
            with open(target, "wb", buffering=0) as stream:
                for chunk in chunks:
                    _write_all(stream.fileno(), chunk)
            return
        if mode is not None and not os.access(target, os.W_OK):
            raise FileError(f"{name}: is write-protected; nothing was written")
        _replace(target, chunks, mode)
    except FileNotFoundError:
        folder = os.path.dirname(name) or "."
        raise FileError(f"{name}: the folder {folder} does not exist; make it first") from None
    except NotADirectoryError:
        raise FileError(f"{name}: a part of this path is a file, not a folder") from None
    except PermissionError:
        raise FileError(f"{name}: no permission to write here; nothing was written") from None
    except (OSError, ValueError) as error:
        code = getattr(error, "errno", None)
        if code in (errno.ENOSPC, errno.EDQUOT):
            reason = "no space left; free some, then run the command again"
        else:
            reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: could not be written: {reason}") from None


def _replace(target: str, chunks: Iterable[bytes], mode: int | None) -> None:
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, f".tongwen-{secrets.token_hex(6)}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    # Created open to all and narrowed by the umask, as open() would; mkstemp would give 0600.
    handle = os.open(temporary, flags, 0o666)
    try:
        try:
            for chunk in chunks:
                _write_all(handle, chunk)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(handle, stat.S_IMODE(mode))
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, target)
    except BaseException:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
