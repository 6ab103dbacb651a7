"""Archives from strangers: what is unpacked, and what is refused before anything is written."""

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ModelError
from toolkit.translate.models import archives
from toolkit.translate.models.archives import Limits


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def tarred(path: Path, *members: tarfile.TarInfo, data: bytes = b"x") -> Path:
    with tarfile.open(path, "w:gz") as out:
        for member in members:
            if member.isreg():
                member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return path


def unpacked(archive: Path, **options) -> Path:
    folder = archive.parent / "out"
    folder.mkdir()
    archives.unpack(archive, folder, **options)
    return folder


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_zip_and_a_tar_come_out_as_they_went_in(tmp_path):
    members = {"m/model.bin": b"weights" * 1000, "m/empty": b"", "m/deep/er/名.txt": b"\x00\xff"}
    folder = unpacked(zipped(tmp_path / "a.argosmodel", members))
    assert {name: (folder / name).read_bytes() for name in members} == members
    (tmp_path / "b").mkdir()
    names = [tarfile.TarInfo("m"), tarfile.TarInfo("m/model.bin")]
    names[0].type = tarfile.DIRTYPE
    folder = unpacked(tarred(tmp_path / "b" / "a.tar.gz", *names))
    assert (folder / "m" / "model.bin").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name",
    ["../evil", "a/../../evil", "/evil", "a/../b", "C:/evil", "C:evil", "a\\..\\..\\evil",
     "\\\\h\\x", "a/.. /b", "a/\x01b", "nul", "a/COM1.txt", "a/b. ", "a/b.",
     "../" * 40 + "etc/passwd"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(name, kind, tmp_path):
    if kind == "zip":
        archive = zipped(tmp_path / "a.zip", {"good": b"1", name: b"2"})
    else:
        archive = tarred(tmp_path / "a.tar.gz", tarfile.TarInfo("good"), tarfile.TarInfo(name))
    with pytest.raises(ModelError, match="nothing was unpacked"):
        unpacked(archive)
    assert everything(tmp_path) == {"out", archive.name}


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(kind, tmp_path):
    link = tarfile.TarInfo("link")
    link.type, link.linkname = kind, "/etc/passwd"
    archive = tarred(tmp_path / "a.tar.gz", tarfile.TarInfo("good"), link)
    with pytest.raises(ModelError, match="link or a device"):
        unpacked(archive)
    assert everything(tmp_path) == {"out", "a.tar.gz"}


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("good", "1")
        out.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="link or a device"):
        unpacked(tmp_path / "a.zip")
    assert everything(tmp_path) == {"out", "a.zip"}


@pytest.mark.parametrize("other", ["a/B", "A/b", "a/b"])
def test_two_members_of_one_name_are_refused(other, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("a/b", "1")
        if other == "a/b":
            with pytest.warns(UserWarning):
                out.writestr(other, "2")
        else:
            out.writestr(other, "2")
    with pytest.raises(ModelError, match="twice"):
        unpacked(tmp_path / "a.zip")


def test_a_file_that_is_a_folder_too_is_refused(tmp_path):
    with pytest.raises(ModelError, match="both a file and a folder"):
        unpacked(zipped(tmp_path / "a.zip", {"a": b"1", "a/b": b"2"}))


def test_a_bomb_is_stopped_by_its_declared_size(tmp_path):
    bomb = zipped(tmp_path / "a.zip", {"zeros": bytes(100_000_000)})
    with pytest.raises(ModelError, match="times its own size"):
        unpacked(bomb)
    assert everything(tmp_path) == {"out", "a.zip"}


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(tmp_path):
    bomb = zipped(tmp_path / "a.zip", {"zeros": bytes(300_000_000)})
    data = bytearray(bomb.read_bytes())
    small = (10_000_000).to_bytes(4, "little")
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature)
        data[start + place : start + place + 4] = small
    bomb.write_bytes(bytes(data))
    with pytest.raises(ModelError):
        unpacked(bomb)
    assert (tmp_path / "out" / "zeros").stat().st_size <= 100_000_000


def test_what_is_written_is_counted_whatever_was_declared():
    packed, limits = 1, Limits(bytes=3_000_000)
    written = io.BytesIO()
    with pytest.raises(ModelError, match="unpacks to more"):
        archives._Budget("a.zip", limits, packed).copy(io.BytesIO(bytes(9_000_000)), written)
    assert written.tell() <= limits.bytes
    written = io.BytesIO()
    with pytest.raises(ModelError, match="times its own size"):
        archives._Budget("a.zip", Limits(), packed).copy(io.BytesIO(bytes(90_000_000)), written)


def test_a_name_no_disk_takes_is_refused_before_anything_is_written(tmp_path):
    for name in ("名" * 81, "a/" + "b" * 241):
        with pytest.raises(ModelError, match="no name for a file"):
            unpacked(zipped(tmp_path / "a.zip", {"first": b"1", name: b"2"}))
        assert everything(tmp_path) == {"out", "a.zip"}
        (tmp_path / "out").rmdir()


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ModelError, match="cannot be unpacked"):
        archives.unpack(zipped(tmp_path / "a.zip", {"mine": b"theirs"}), tmp_path)
    assert (tmp_path / "mine").read_text() == "mine"


def test_size_and_number_of_members_are_bounded(tmp_path):
    archive = zipped(tmp_path / "a.zip", {f"{n}": b"12345" for n in range(10)})
    with pytest.raises(ModelError, match="more than 9 files"):
        unpacked(archive, limits=Limits(members=9))
    (tmp_path / "out").rmdir()
    with pytest.raises(ModelError, match="unpacks to more"):
        unpacked(archive, limits=Limits(bytes=49))
    (tmp_path / "out").rmdir()
    unpacked(archive, limits=Limits(bytes=50, members=10))


@pytest.mark.parametrize("cut", [0, 1, 30, 90, -30, -1])
def test_a_cut_archive_is_damaged_and_not_a_traceback(cut, tmp_path):
    whole = zipped(tmp_path / "a.zip", {"a": b"abc" * 500, "b": b"x"}).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[:cut] if cut else b"")
    with pytest.raises(ModelError):
        unpacked(tmp_path / "b.zip")


def test_changed_bytes_inside_are_noticed(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a", b"abcdefgh" * 50)
    data = archive.read_bytes().replace(b"abcdefgh", b"abcdefgx", 1)
    archive.write_bytes(data)
    with pytest.raises(ModelError, match="damaged"):
        unpacked(archive)


def test_an_encrypted_archive_says_so(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"a": b"1"})
    data = bytearray(archive.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    archive.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="is encrypted; get one"):
        unpacked(archive)
    assert everything(tmp_path) == {"out", "a.zip"}


@given(st.text(max_size=30))
def test_no_accepted_name_leaves_its_folder(name):
    base = Path("/base")
    try:
        path = archives.safe_name(name, "a")
    except ModelError:
        return
    landed = base.joinpath(*path.parts)
    assert base in landed.parents and ".." not in landed.parts


def test_packing_gives_the_same_bytes_each_time(tmp_path):
    (tmp_path / "m" / "sub").mkdir(parents=True)
    for name in ("b", "sub/a"):
        (tmp_path / "m" / name).write_text(name, encoding="utf-8")
    for out in ("1.zip", "2.zip"):
        archives.pack(tmp_path / "m", ["sub/a", "b"], tmp_path / out, "root")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    folder = unpacked(tmp_path / "1.zip")
    assert everything(folder) == {"root", "root/b", "root/sub", "root/sub/a"}
