"""Downloads from a server that cuts, lies, stalls and refuses."""

import hashlib
import sys
from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.translate.models import download
from toolkit.translate.models.download import Line

sys.path.insert(0, str(Path(__file__).parent))
from model_server import File, serving

DATA = bytes(range(256)) * 4000
SHA = hashlib.sha256(DATA).hexdigest()
LIMIT = 10**9


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as made:
        yield made


@pytest.fixture
def line():
    return Line(timeout=5, tries=3, pause=0.01)


def fetch(server, tmp_path, line, **options):
    target = tmp_path / "got"
    options.setdefault("limit", LIMIT)
    return target, download.fetch(f"{server.address}/f", target, line, **options)


def test_a_file_comes_whole_and_nothing_else_stays(server, tmp_path, line):
    server.files["/f"] = File(DATA)
    seen = []
    target, digest = fetch(
        server, tmp_path, line, sha256=SHA.upper(), progress=lambda *now: seen.append(now)
    )
    assert target.read_bytes() == DATA and digest == SHA
    assert [path.name for path in tmp_path.iterdir()] == ["got"]
    assert seen[-1] == (len(DATA), len(DATA))


def test_a_cut_download_goes_on_where_it_stopped(server, tmp_path, line):
    server.files["/f"] = File(DATA, cut=[300_000, 200_000, 100_000])
    target, _ = fetch(server, tmp_path, line, sha256=SHA)
    assert target.read_bytes() == DATA
    assert [asked for _, asked in server.asked] == [
        None, "bytes=300000-", "bytes=500000-", "bytes=600000-",
    ]  # fmt: skip
    assert server.sent == len(DATA)  # no byte twice


def test_an_interrupted_program_goes_on_too(server, tmp_path, line):
    server.files["/f"] = File(DATA, cut=[700_000], fail=[])
    once = Line(timeout=5, tries=1, pause=0.01)
    with pytest.raises(ModelError, match=r"700000 bytes are kept, run it again"):
        fetch(server, tmp_path, once, sha256=SHA)
    target, _ = fetch(server, tmp_path, line, sha256=SHA)
    assert target.read_bytes() == DATA and server.asked[-1][1] == "bytes=700000-"


def test_a_file_that_changed_meanwhile_is_fetched_anew(server, tmp_path, line):
    server.files["/f"] = File(DATA, cut=[700_000])
    with pytest.raises(ModelError):
        fetch(server, tmp_path, Line(timeout=5, tries=1))
    new = DATA[::-1]
    server.files["/f"] = File(new)
    target, _ = fetch(server, tmp_path, line)
    assert target.read_bytes() == new


@pytest.mark.parametrize("options", [{"ranges": False}, {"etag": False}])
def test_a_server_without_parts_or_versions_is_asked_from_the_start(
    server, tmp_path, line, options
):
    server.files["/f"] = File(DATA, cut=[300_000], **options)
    target, _ = fetch(server, tmp_path, line, sha256=SHA)
    assert target.read_bytes() == DATA


def test_another_hash_is_refused_and_thrown_away(server, tmp_path, line):
    server.files["/f"] = File(DATA[:-1] + b"!")
    with pytest.raises(ModelError, match="its SHA-256 is .* wanted is"):
        fetch(server, tmp_path, line, sha256=SHA)
    assert list(tmp_path.iterdir()) == []


def test_a_git_hash_is_compared_as_git_makes_it(server, tmp_path, line):
    server.files["/f"] = File(b"hello\n")
    blob = "ce013625030ba8dba906f756967f9e9ca394464a"  # git hash-object of that file
    fetch(server, tmp_path, line, git_blob=blob)
    server.files["/f"] = File(b"hello!")
    with pytest.raises(ModelError, match="its hash is"):
        fetch(server, tmp_path, line, git_blob=blob)


def test_another_size_than_announced_is_refused(server, tmp_path, line):
    server.files["/f"] = File(DATA)
    with pytest.raises(ModelError, match="7 were announced"):
        fetch(server, tmp_path, line, size=7)
    assert list(tmp_path.iterdir()) == []


def test_a_file_beyond_the_limit_is_not_fetched(server, tmp_path, line):
    server.files["/f"] = File(DATA)
    with pytest.raises(ModelError, match="allowed"):
        fetch(server, tmp_path, line, limit=1000)
    assert server.sent <= len(DATA) and not (tmp_path / "got").exists()


@pytest.mark.parametrize(
    ("status", "said"), [(404, "no such file"), (403, "refuses"), (401, "password"), (410, "gone")]
)
def test_a_refusal_is_told_at_once_and_not_tried_again(server, tmp_path, line, status, said):
    server.files["/f"] = File(DATA, fail=[status] * 9)
    with pytest.raises(ModelError, match=rf"{said}.*status {status}"):
        fetch(server, tmp_path, line)
    assert len(server.asked) == 1


def test_a_busy_server_is_asked_again(server, tmp_path, line):
    server.files["/f"] = File(DATA, fail=[503, 429])
    target, _ = fetch(server, tmp_path, line)
    assert target.read_bytes() == DATA
    server.files["/f"] = File(DATA, fail=[503] * 9)
    with pytest.raises(ModelError, match="answers 503"):
        fetch(server, tmp_path, line)


def test_a_stalling_server_is_given_up_and_a_slow_start_is_not(server, tmp_path):
    impatient = Line(timeout=0.2, tries=2, pause=0.01)
    server.files["/f"] = File(DATA, stall=[1.0, 1.0])
    with pytest.raises(ModelError, match="in time"):
        fetch(server, tmp_path, impatient)
    server.files["/f"] = File(DATA, stall=[0.5])
    target, _ = fetch(server, tmp_path, impatient)
    assert target.read_bytes() == DATA


def test_no_server_at_all(tmp_path, line):
    with pytest.raises(ModelError, match="no connection"):
        download.fetch("http://127.0.0.1:9/f", tmp_path / "got", line, limit=LIMIT)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "http:///x", "model"])
def test_only_http_addresses_are_asked(url, tmp_path, line):
    with pytest.raises(ModelError, match="no http"):
        download.fetch(url, tmp_path / "got", line, limit=LIMIT)


def test_a_redirection_is_followed_but_not_out_of_the_web(server, tmp_path, line):
    server.files["/f"] = File(b"", location="/real")
    server.files["/real"] = File(DATA)
    target, _ = fetch(server, tmp_path, line)
    assert target.read_bytes() == DATA
    for elsewhere in ("file:///etc/passwd", "ftp://127.0.0.1/x"):
        server.files["/f"] = File(b"", location=elsewhere)
        with pytest.raises(ModelError):
            fetch(server, tmp_path, line)
    server.files["/f"] = File(b"", location="/f")
    with pytest.raises(ModelError):
        fetch(server, tmp_path, line)


def test_packed_answers_are_refused(server, tmp_path, line):
    server.files["/f"] = File(DATA, encoding="gzip")
    with pytest.raises(ModelError, match="packs the file"):
        fetch(server, tmp_path, line)


def test_a_mirror_stands_for_every_host(server, tmp_path):
    server.files["/mirror/deep/f"] = File(DATA)
    line = Line(mirror=f"{server.address}/mirror/", timeout=5, tries=1)
    download.fetch("https://models.invalid/deep/f", tmp_path / "got", line, limit=LIMIT)
    assert (tmp_path / "got").read_bytes() == DATA


def test_a_proxy_is_asked_for_the_whole_address(server, tmp_path, monkeypatch):
    server.files["http://models.invalid/f"] = File(DATA)
    url = "http://models.invalid/f"
    line = Line(proxy=server.address, timeout=5, tries=1)
    download.fetch(url, tmp_path / "1", line, limit=LIMIT, sha256=SHA)
    monkeypatch.setenv("http_proxy", server.address)
    download.fetch(url, tmp_path / "2", Line(timeout=5, tries=1), limit=LIMIT, sha256=SHA)
    assert [path for path, _ in server.asked] == [url, url]
