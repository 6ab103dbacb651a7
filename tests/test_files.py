"""Encodings found and named; files written whole or not at all."""

import codecs
import errno
import io
import os
import stat
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import files
from toolkit.errors import FileError
from toolkit.files import decode, read_text, write_bytes, write_text

ZH = (
    "新华社宁波11月2日电（记者张三）中俄总理定期会晤委员会第二十九次会议2日在宁波举行。\r\n"
    "双方表示，两国关系处于历史最好水平，愿进一步深化各领域合作。\r\n"
)
ZH_TW = "雙方表示，兩國關係處於歷史最好水平，願進一步深化各領域合作。\n會議在寧波舉行。\n"
RU = (
    "Нинбо, 2 ноября /Синьхуа/ -- Стороны отметили, что отношения двух стран находятся\n"
    "на наилучшем уровне в истории. «Мы готовы», — сказал он.\n"
)
EN = "The two sides said relations are at their best level in history.\n“We agree,” he said.\n"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (ZH, "utf-8", "utf-8"),
        (RU, "utf-8", "utf-8"),
        (EN, "utf-8", "utf-8"),
        ("plain ASCII\n", "ascii", "utf-8"),
        (ZH, "gb18030", "gb18030"),
        (ZH, "gbk", "gb18030"),
        (ZH_TW, "gbk", "gb18030"),
        (ZH_TW, "big5", "big5"),
        (RU, "cp1251", "windows-1251"),
        (RU.replace("«", '"').replace("»", '"').replace("—", "-"), "koi8-r", "koi8-r"),
        (EN, "cp1252", "windows-1252"),
        ("The communiqué was signed.\n", "cp1252", "windows-1252"),
        (ZH, "utf-16-le", "utf-16-le"),
        (ZH, "utf-16-be", "utf-16-be"),
        (RU, "utf-16-le", "utf-16-le"),
        (RU, "utf-16-be", "utf-16-be"),
        (EN, "utf-16-le", "utf-16-le"),
        (EN, "utf-16-be", "utf-16-be"),
        ("Привет", "utf-16-le", "utf-16-le"),
        ("双方会晤", "utf-16-be", "utf-16-be"),
        ("Да.", "cp1251", "windows-1251"),
        ("Стороны договорились.", "cp1251", "windows-1251"),
        ("СТОРОНЫ ДОГОВОРИЛИСЬ О СОТРУДНИЧЕСТВЕ.", "cp1251", "windows-1251"),
        ("Договор о сотрудничестве", "koi8-r", "koi8-r"),
        ("双方会晤。", "gb18030", "gb18030"),
        ("会议在宁波举行", "gb18030", "gb18030"),
        ("NINGBO\n" * 50 + "宁波\n", "gb18030", "gb18030"),
        ("Ningbo is Нинбо in Russian.\n", "cp1251", "windows-1251"),
    ],
)
def test_encoding_is_detected_and_named(tmp_path, text, codec, name):
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(codec))
    read = read_text(path)
    assert (read.encoding, read.text) == (name, text)
    assert read.path == str(path)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"\x84\x31\x95\x33", "gb18030"),
    ],
)
@pytest.mark.parametrize("text", [ZH, RU, EN])
def test_byte_order_mark_decides_and_is_dropped(mark, codec, text):
    text = text.replace("\r\n", "\n")
    assert decode(mark + text.encode(codec), "x") == (text, codec)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_stay_as_they_are(tmp_path, newline):
    path = tmp_path / "text.txt"
    path.write_bytes(f"a{newline}b{newline}".encode())
    assert read_text(path).text == f"a{newline}b{newline}"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        ("\u3000\n\u00a0".encode(), "empty"),
        (b"\0\1\2\3" * 40, "binary"),
        (b"text with a NUL \0 inside", "binary"),
        (bytes(range(32)) * 10, "binary"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04" + b"\0" * 40, "docx"),
        (b"{\\rtf1 text}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "Word"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 10, "PNG"),
        (b"\x1f\x8b\x08" + b"\0" * 10, "gzip"),
    ],
)
def test_file_that_is_no_text_is_refused_by_what_it_is(tmp_path, data, what):
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(FileError, match=what) as error:
        read_text(path)
    assert str(path) in str(error.value)


def test_one_broken_byte_in_utf8_is_named_with_its_line(tmp_path):
    data = ("Первая строка.\n" * 4).encode() + b"\xff" + "Пятая строка.\n".encode()
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(FileError) as error:
        read_text(path)
    place = data.index(b"\xff") + 1
    assert f"{path}:5:" in str(error.value)
    assert f"byte {place} " in str(error.value) and "0xff" in str(error.value)
    assert "UTF-8" in str(error.value)


def test_utf8_cut_short_in_a_character_is_named(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("双方举行会晤。\n会议在宁波举行".encode()[:-1])
    with pytest.raises(FileError, match=":2: byte"):
        read_text(path)


def test_utf16_with_half_a_character_is_named(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(codecs.BOM_UTF16_LE + "双方\n会晤".encode("utf-16-le") + b"\x00")
    with pytest.raises(FileError, match=":2:"):
        read_text(path)


def test_noise_in_no_encoding_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(bytes(0x80 + (n * 37 + n // 7) % 0x7F for n in range(4000)))
    with pytest.raises(FileError):
        read_text(path)


def test_missing_file_folder_and_bad_names_are_explained(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_text(tmp_path / "nowhere.txt")
    with pytest.raises(FileError, match="folder"):
        read_text(tmp_path)
    with pytest.raises(FileError):
        read_text("a\0b")
    with pytest.raises(FileError):
        read_text("x" * 5000)
    with pytest.raises(FileError):
        (tmp_path / "file").write_text("x")
        read_text(tmp_path / "file" / "below.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user without rights")
def test_unreadable_file_is_explained(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("text")
    path.chmod(0)
    with pytest.raises(FileError, match="permission"):
        read_text(path)


def test_file_larger_than_the_bound_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LIMIT", 10)
    path = tmp_path / "text.txt"
    path.write_text("eleven byte")
    with pytest.raises(FileError, match="larger"):
        read_text(path)


def test_dash_reads_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Да.\n".encode("cp1251"))))
    read = read_text("-")
    assert (read.text, read.encoding, read.path) == ("Да.\n", "windows-1251", "stdin")


def test_name_that_is_not_utf8_can_be_shown():
    name = os.fsdecode(b"caf\xe9.txt")
    with pytest.raises(FileError) as error:
        read_text(name)
    str(error.value).encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_message(data):
    try:
        text, encoding = decode(data, "x")
    except FileError as error:
        assert str(error).startswith("x")
    else:
        codecs.lookup(encoding)
        assert "\0" not in text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_utf8_always_comes_back(text):
    data = text.encode()
    if data.startswith(
        ("\ufeff".encode(), b"%PDF-", b"PK\x03\x04", b"BZh", b"Rar!", b"GIF8", b"{\\rtf")
    ):
        return
    assert decode(data, "x") == (text, "utf-8")


# --- writing


def test_text_is_written_as_it_is_and_read_back(tmp_path):
    path = tmp_path / "out.txt"
    write_text(path, "a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"
    write_text(path, ZH, "gb18030")
    assert read_text(path).text == ZH
    assert os.listdir(tmp_path) == ["out.txt"]


def test_mode_and_link_survive_replacing(tmp_path):
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink() and target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_new_file_follows_the_umask(tmp_path):
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "out.txt", "x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o640


def test_missing_folder_and_folder_as_file_are_explained(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        write_text(tmp_path / "no" / "out.txt", "x")
    with pytest.raises(FileError, match="is a folder"):
        write_text(tmp_path, "x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError):
        write_text(tmp_path / "file" / "out.txt", "x")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_full_device_is_explained():
    with pytest.raises(FileError, match="no space"):
        write_text("/dev/full", "x")


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_failure_at_any_step_keeps_the_old_content(tmp_path, monkeypatch, failing):
    path = tmp_path / "out.txt"
    path.write_text("old")

    def fail(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, failing, fail)
    with pytest.raises(FileError, match="no space left"):
        write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def test_interruption_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "out.txt", b"new")
    assert os.listdir(tmp_path) == []


def test_short_writes_are_continued(tmp_path, monkeypatch):
    whole = os.write
    monkeypatch.setattr(files.os, "write", lambda handle, data: whole(handle, bytes(data[:3])))
    write_bytes(tmp_path / "out.txt", b"0123456789")
    assert (tmp_path / "out.txt").read_bytes() == b"0123456789"


def test_character_the_encoding_lacks_is_named_and_nothing_written(tmp_path):
    with pytest.raises(FileError, match=r"line 2 holds U\+4E2D"):
        write_text(tmp_path / "out.txt", "да\n中", "cp1251")
    with pytest.raises(FileError, match=r"U\+D800"):
        write_text(tmp_path / "out.txt", "\ud800")
    assert os.listdir(tmp_path) == []
