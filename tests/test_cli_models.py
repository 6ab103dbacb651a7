"""``tongwen models``: real packages from a real server, and no socket for anything else."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.translate.engine import Engine, starter
from toolkit.translate.models import packages
from toolkit.translate.models.registry import MANIFEST, Registry

sys.path.insert(0, str(Path(__file__).parent))
from model_server import File, serving

SENTENCES = ["双方签署文件。", "双方同意加强合作。", "会谈后，双方签署联合声明。"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TONGWEN_MODELS", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The shipped model as an Argos package, zh to en."""
    path = tmp_path_factory.mktemp("package") / "translate-zh_en-1_0.argosmodel"
    done = CliRunner().invoke(
        main, ["models", "export", "starter", "--argos", "zh:en", "-o", str(path)]
    )
    assert done.exit_code == 0, done.stderr
    return path


@pytest.fixture
def server():
    with serving() as made:
        yield made


def run(*arguments, status=0, input=None):
    result = CliRunner().invoke(main, ["models", *map(str, arguments)], input=input)
    assert result.exit_code == status, (result.output, result.exception)
    assert "Traceback" not in result.output
    return result


def left_over(home: Path) -> list[str]:
    return [path.name for path in home.iterdir() if path.name.startswith(".")]


# -- From this machine


def test_a_package_is_installed_listed_verified_and_removed(package, home):
    run("install", package, "--name", "mine")
    listed = json.loads(run("list", "--format", "json").stdout)
    assert [model["name"] for model in listed] == ["starter", "mine"]
    mine = listed[1]
    assert mine["directions"] == [["zh", "en"]] and mine["make"] == "Argos package"
    assert mine["size"] == sum(
        path.stat().st_size
        for path in (home / "mine").rglob("*")
        if path.is_file() and path.name != MANIFEST
    )
    told = json.loads(run("info", "mine", "--format", "json").stdout)
    model = home / "mine" / "model" / "model.bin"
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert told["files"]["model/model.bin"]["sha256"] == digest
    assert told["archive_sha256"] == hashlib.sha256(package.read_bytes()).hexdigest()
    assert "as it was installed" in run("verify").stdout
    run("remove", "mine")
    assert list(home.iterdir()) == []


def test_an_installed_model_translates_as_the_one_it_was_made_of(package, home):
    run("install", package, "--name", "mine")
    made = Engine(home / "mine").translate(SENTENCES, "zh", "en")
    assert made == Engine(starter()).translate(SENTENCES, "zh", "en")


def test_translate_takes_a_model_by_its_name_and_refuses_another_direction(package, tmp_path):
    run("install", package, "--name", "mine")
    (tmp_path / "a.zh.txt").write_text("双方同意加强合作。\n", encoding="utf-8")

    def translate(*arguments):
        base = ["translate", "a.zh.txt", "--no-memory", "--format", "jsonl"]
        return CliRunner().invoke(main, [*base, *arguments])

    mine = translate("--to", "en", "--model", "mine")
    assert mine.exit_code == 0, mine.output
    assert mine.stdout == translate("--to", "en").stdout
    wrong = translate("--to", "ru", "--model", "mine")
    assert wrong.exit_code == 2 and "does not translate zh>ru" in wrong.stderr


@pytest.mark.parametrize("change", ["flip", "delete", "add"])
def test_verify_tells_each_kind_of_change(package, home, change):
    run("install", package, "--name", "mine")
    path = home / "mine" / "model" / "config.json"
    if change == "flip":
        data = bytearray(path.read_bytes())
        data[0] ^= 1
        path.write_bytes(bytes(data))
        said = "model/config.json was changed"
    elif change == "delete":
        path.unlink()
        said = "model/config.json is missing"
    else:
        (home / "mine" / "new.bin").write_bytes(b"x")
        said = "new.bin was added"
    assert said in run("verify", "mine", status=1).stdout
    assert said in run("export", "mine", "-o", "x.zip", status=2).stderr
    assert not Path("x.zip").exists()


def test_a_damaged_manifest_is_told_and_can_be_removed(package, home):
    run("install", package, "--name", "mine")
    (home / "mine" / MANIFEST).write_text('{"tongwen-model": 1}', encoding="utf-8")
    assert "not a manifest" in run("list", status=1).stderr
    assert "not a manifest" in run("verify", status=1).stdout
    run("remove", "mine")
    assert not (home / "mine").exists()


def test_one_file_carries_a_model_to_another_desk(package, home, monkeypatch, tmp_path):
    run("install", package, "--name", "mine")
    run("export", "mine", "-o", "mine.zip")
    before = json.loads(run("info", "mine", "--format", "json").stdout)
    monkeypatch.setenv("TONGWEN_MODELS", str(tmp_path / "desk"))
    assert "installed mine" in run("import", "mine.zip").stdout
    after = json.loads(run("info", "mine", "--format", "json").stdout)
    assert after["files"] == before["files"] and after["licence"] == before["licence"]
    assert "by way of" in after["source"]


def test_a_file_changed_on_the_way_is_refused(package, home, tmp_path):
    run("install", package, "--name", "mine")
    run("export", "mine", "-o", "mine.zip")
    with zipfile.ZipFile("mine.zip") as old, zipfile.ZipFile("bad.zip", "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, data + b" " * info.filename.endswith("config.json"))
    said = run("import", "bad.zip", "--name", "other", status=2).stderr
    assert "config.json is not the file its manifest pins" in said
    assert sorted(path.name for path in home.iterdir()) == ["mine"]


def test_a_plain_folder_is_copied(home, tmp_path):
    shutil.copytree(starter(), tmp_path / "opus-mt-zh-ru")
    pieces = json.loads((starter() / "shared_vocabulary.json").read_text(encoding="utf-8"))
    plain = [f"▁x{n}" if piece.startswith("<") else piece for n, piece in enumerate(pieces)]
    path = tmp_path / "opus-mt-zh-ru" / "shared_vocabulary.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    run("install", "opus-mt-zh-ru")
    (found,) = json.loads(run("list", "--format", "json").stdout)[1:]
    assert found["make"] == "OPUS-MT" and found["directions"] == [["zh", "ru"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["install", "nothing"], "no such file or folder"),
        (["install", "empty"], "no model.bin"),
        (["install", "text.zip"], "neither a ZIP nor a TAR"),
        (["install", "hub"], "not converted"),
        (["install", "text.zip", "--sha256", "00"], "64 hexadecimal"),
        (["install", "text.zip", "--sha256", "0" * 64], "its SHA-256 is"),
        (["install", "empty", "--name", "../x"], "no name for a model"),
        (["install", "empty", "--name", "starter"], "the shipped model"),
        (["remove", "starter"], "ships with the program"),
        (["remove", "nothing"], "no model of that name"),
        (["remove", "../home"], "no model of that name"),
        (["info", "nothing"], "there is: starter"),
        (["verify", "nothing"], "no model of that name"),
        (["export", "starter", "-o", "x.zip"], "--argos"),
        (["export", "starter", "--argos", "zh:zh", "-o", "x"], "two languages"),
        (["export", "starter", "--argos", "zh:en", "-o", "no/x"], "existing folder"),
        (["list", "--index", "text.zip"], "no JSON"),
        (["list", "--index", "http://127.0.0.1:9/i"], "only “tongwen models install”"),
        (["install", "http://127.0.0.1:9/x.zip", "--tries", "1"], "no connection"),
        (["install", "a", "--hub", "http://h", "--index", "i"], "not both"),
        (["bench", "starter", "--from", "zh", "--to", "zh"], "does not translate so"),
    ],
)
def test_what_cannot_be_done_is_one_message_and_leaves_nothing(arguments, said, home, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("hello", encoding="utf-8")
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "pytorch_model.bin").write_bytes(b"x")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    assert said in run(*arguments, status=2).stderr
    after = sorted(str(p) for p in tmp_path.rglob("*") if p != home)
    assert after == before


def test_a_hostile_package_leaves_no_trace(home, tmp_path):
    with zipfile.ZipFile("evil.argosmodel", "w") as out:
        out.writestr("m/model.bin", "x")
        out.writestr("../../evil.txt", "x")
    assert "nothing was unpacked" in run("install", "evil.argosmodel", status=2).stderr
    assert list(home.iterdir()) == [] and not list(tmp_path.parent.glob("evil.txt"))


# -- From outside


def test_licence_and_size_are_told_before_the_download(package, server, home):
    server.files["/p.argosmodel"] = File(package.read_bytes())
    said = run("install", f"{server.address}/p.argosmodel", "--show").stderr
    assert "zh>en" in said and "licence     as the program" in said
    assert re.search(r"^size +[1-9][0-9.]* MB$", said, re.MULTILINE)
    assert server.sent < len(package.read_bytes()) / 10
    assert not home.exists()


def test_nothing_is_downloaded_without_a_yes(package, server, home):
    server.files["/p.argosmodel"] = File(package.read_bytes())
    result = run("install", f"{server.address}/p.argosmodel", status=2)
    assert "add --yes" in result.stderr and not home.exists()


def test_an_address_is_installed_with_its_hash_pinned(package, server, home):
    server.files["/p.argosmodel"] = File(package.read_bytes(), cut=[2_000_000])
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    url = f"{server.address}/p.argosmodel"
    refused = run("install", url, "--yes", "--sha256", "0" * 64, "--name", "m", status=2)
    assert "thrown away" in refused.stderr and not (home / "m").exists()
    run("install", url, "--yes", "--sha256", digest, "--name", "m")
    assert json.loads(run("info", "m", "--format", "json").stdout)["archive_sha256"] == digest
    assert "as it was installed" in run("verify", "m").stdout and left_over(home) == []


def test_a_cut_download_is_taken_up_by_the_next_call(package, server, home):
    data = package.read_bytes()
    server.files["/p.argosmodel"] = File(data)
    url = f"{server.address}/p.argosmodel"
    run("install", url, "--show")
    peeked = len(server.asked)
    # The looks beforehand are as many as before; then the line fails for good.
    server.files["/p.argosmodel"].cut = [10**9] * (peeked - 1) + [3_000_000] + [0] * 9
    said = run("install", url, "--yes", "--name", "m", "--tries", "2", status=2).stderr
    assert "3000000 bytes are kept" in said
    server.files["/p.argosmodel"].cut = []
    sent = server.sent
    run("install", url, "--yes", "--name", "m")
    assert "as it was installed" in run("verify", "m").stdout
    assert server.sent - sent < len(data) - 2_500_000


def test_an_index_of_argos_packages(package, server, home):
    data = package.read_bytes()
    entries = [
        {"package_version": "0.9", "argos_version": "1.9", "from_code": "zh", "to_code": "en",
         "from_name": "Chinese", "to_name": "English", "links": ["https://gone.invalid/x"]},
        {"package_version": "1.10", "argos_version": "1.9", "from_code": "zh", "to_code": "en",
         "from_name": "Chinese", "to_name": "English", "code": "translate-zh_en",
         "links": ["ipfs://x", f"{server.address}/old", f"{server.address}/p"]},
        {"package_version": "1.0", "from_code": "de", "to_code": "en", "links": []},
        {"type": "sbd", "package_version": "1.0", "links": []},
    ]  # fmt: skip
    server.files["/index.json"] = File(json.dumps(entries).encode())
    server.files["/p"] = File(data)
    Path("index.json").write_text(json.dumps(entries), encoding="utf-8")
    listed = run("list", "--index", "index.json").stdout.splitlines()
    assert len(listed) == 4 and "zh>en" in listed[1] and "de" in listed[3]
    for where in ("index.json", f"{server.address}/index.json"):
        shown = run("install", "zh-en", "--index", where, "--show", status=2).stderr
        assert "status 404" in shown  # the first address is asked for the size
    server.files["/old"] = File(data, fail=[404] * 3)
    entries[1] |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    Path("index.json").write_text(json.dumps(entries), encoding="utf-8")
    run("install", "zh-en", "--index", "index.json", "--yes")
    told = json.loads(run("info", "translate-zh_en", "--format", "json").stdout)
    assert told["directions"] == [["zh", "en"]]
    said = run("install", "zh-fr", "--index", "index.json", status=2).stderr
    assert "no such package" in said and "translate-zh_en" in said


def hub_of(server, files: dict[str, bytes], lie: str = "") -> None:
    """Serve files as a model hub does: an answer with hashes, then each file by its commit."""
    siblings = []
    for name, data in files.items():
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        entry = {"rfilename": name, "size": len(data), "blobId": blob}
        if name.endswith((".bin", ".spm", ".model")):
            digest = hashlib.sha256(data + b"!" * (name == lie)).hexdigest()
            entry["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 134}
        elif name == lie:
            entry["blobId"] = "0" * 40
        siblings.append(entry)
        server.files[f"/who/opus-ct2/resolve/abc123/{name}"] = File(data)
    about = {"id": "who/opus-ct2", "sha": "abc123", "siblings": siblings,
             "cardData": {"license": "cc-by-4.0"}}  # fmt: skip
    server.files["/api/models/who/opus-ct2/revision/main?blobs=true"] = File(
        json.dumps(about).encode()
    )


@pytest.fixture(scope="module")
def nllb():
    """The shipped model with the vocabulary of NLLB's make, its weights cut to what tests need."""
    pieces = json.loads((starter() / "shared_vocabulary.json").read_text(encoding="utf-8"))
    names = {"<2zh>": "zho_Hans", "<2ru>": "rus_Cyrl", "<2en>": "eng_Latn", "<T>": "▁t"}
    card = "---\nlanguage:\n- en\n- ru\n- zh\nlicense: apache-2.0\n---\n"
    card += "| testset | BLEU | chr-F |\n|---|---|---|\n| newstest2019.en.ru | 28.4 | 0.541 |\n"
    return {
        "model.bin": (starter() / "model.bin").read_bytes(),
        "config.json": (starter() / "config.json").read_bytes(),
        "sentencepiece.bpe.model": (starter() / "sentencepiece.model").read_bytes(),
        "shared_vocabulary.json": json.dumps([names.get(p, p) for p in pieces]).encode(),
        "README.md": card.encode(),
        "pytorch_model.bin": b"not wanted",
        "onnx/model.onnx": b"not wanted",
    }


def test_a_model_of_a_hub(server, home, nllb):
    hub_of(server, nllb)
    shown = run("install", "who/opus-ct2", "--hub", server.address, "--show").stderr
    assert "cc-by-4.0" in shown and "newstest2019.en.ru BLEU: 28.4" in shown
    assert "nobody stated a hash" not in shown
    run("install", "who/opus-ct2", "--hub", server.address, "--yes")
    told = json.loads(run("info", "opus-ct2", "--format", "json").stdout)
    assert told["make"] == "NLLB-200" and len(told["directions"]) == 6
    assert told["licence"] == "cc-by-4.0" and told["source"].endswith("@abc123")
    assert set(told["files"]) == set(nllb) - {"pytorch_model.bin", "onnx/model.onnx"}
    assert left_over(home) == []


@pytest.mark.parametrize("lie", ["model.bin", "config.json"])
def test_a_hub_that_serves_other_bytes_than_it_stated_is_refused(server, home, nllb, lie):
    hub_of(server, nllb, lie)
    said = run("install", "who/opus-ct2", "--hub", server.address, "--yes", status=2).stderr
    assert lie in said and "thrown away" in said
    assert not (home / "opus-ct2").exists()


def test_a_hubs_unconverted_model_is_fetched_for_conversion_only_when_asked(server, home, nllb):
    hub_of(server, {"model.safetensors": b"weights", "config.json": b"{}",
                    "pytorch_model.bin": b"x", "own.py": b"x"})  # fmt: skip
    call = ("install", "who/opus-ct2", "--hub", server.address, "--yes")
    assert "add --convert" in run(*call, status=2).stderr
    said = run(*call, "--convert", status=2).stderr
    assert "tongwen[convert]" in said or "conversion failed" in said
    fetched = {path.rpartition("/")[2] for path, _ in server.asked if "/resolve/" in path}
    assert fetched == {"model.safetensors", "config.json"}


def test_a_hub_without_a_converted_model_says_what_to_do(server, nllb):
    hub_of(server, {"pytorch_model.bin": b"x", "README.md": b"x"})
    said = run("install", "who/opus-ct2", "--hub", server.address, "--yes", status=2).stderr
    assert "not converted for CTranslate2" in said
    assert "no name of a model" in run("install", "x", "--hub", server.address, status=2).stderr
    assert "404" in run("install", "who/no", "--hub", server.address, status=2).stderr


def test_a_page_instead_of_a_model_is_told(server, home):
    server.files["/login.zip"] = File(b"<html>please log in</html>")
    said = run("install", f"{server.address}/login.zip", "--yes", status=2).stderr
    assert "neither a ZIP nor a TAR" in said and not (home / "login").exists()


# -- The one door


@pytest.fixture
def no_sockets(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "socketpair"):
        monkeypatch.setattr(socket, name, refuse)


def test_nothing_but_an_install_from_outside_opens_a_socket(package, no_sockets, tmp_path):
    run("install", package, "--name", "mine")
    run("install", package, "--show", "--name", "x")
    run("list")
    run("info", "mine")
    run("verify")
    run("bench", "mine", "--seconds", "0.1")
    run("export", "mine", "-o", "m.zip")
    run("import", "m.zip", "--name", "other")
    run("remove", "other")
    (tmp_path / "a.zh.txt").write_text("双方同意加强合作。\n猫。\n", encoding="utf-8")
    for arguments in (
        ["translate", "a.zh.txt", "--to", "en", "--model", "mine"],
        ["translate", "a.zh.txt", "--to", "ru"],
        ["check", "a.zh.txt"],
        ["read", "a.zh.txt"],
    ):
        result = CliRunner().invoke(main, arguments)
        assert not isinstance(result.exception, AssertionError), result.exception
    outside = CliRunner().invoke(main, ["models", "install", "http://127.0.0.1/x", "--yes"])
    assert isinstance(outside.exception, AssertionError)  # the guard itself works


def test_only_the_download_module_can_reach_the_network():
    root = Path(packages.__file__).parents[2]
    found = []
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        doors = ("socket", "http.client", "urllib.request", "requests", "ssl", "ftplib")
        if any(f"{word} {name}" in text for word in ("import", "from") for name in doors):
            found.append(path.relative_to(root).as_posix())
    assert found == ["translate/models/download.py"]


# -- Kinds of models by their files


CARD = """---
language:
- zh
- ru
tags:
- translation
license: cc-by-4.0
model-index:
- name: opus-mt-tc-big-zh-ru
  results:
  - task:
      name: Translation zho-rus
    dataset:
      name: flores101-devtest
    metrics:
    - name: BLEU
      type: bleu
      value: 21.3
---
# A card
"""


def test_a_card_is_read_for_licence_languages_and_scores():
    found = packages.of_card(CARD, "opus-mt-tc-big-zh-ru")
    assert found.licence == "cc-by-4.0" and found.directions == (("zh", "ru"),)
    assert found.scores == (("flores101-devtest bleu", 21.3),)
    assert packages.of_card("no head at all", "x").licence == ""


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("opus-mt-en-ru", (("en", "ru"),)),
        ("opus-mt-tc-big-en-zh", (("en", "zh"),)),
        ("Helsinki-NLP--opus-mt-zh-en-ct2-int8", (("zh", "en"),)),
        ("opus-mt-de-en", ()),
        ("something", ()),
    ],
)
def test_names_of_opus_models_tell_the_direction(name, ways):
    assert packages.of_card("", name).directions == ways


def test_both_written_forms_of_chinese_are_chinese():
    for code in ("zh", "zt", "cmn_Hans", "zho_Hant", "__zh__"):
        assert packages.language(code) == "zh"
    assert packages.language("de") is None


def test_an_engine_is_set_as_it_was_measured(package, home):
    run("install", package, "--name", "mine")
    Registry(home).note("mine", {"workers": 3, "threads": 2, "compute_type": "float32"})
    engine = Registry(home).engine("mine", "zh", "en")
    assert (engine.workers, engine.threads, engine.compute_type) == (3, 2, "float32")


# -- Argos Translate itself


def argos() -> Path | None:
    """Return a Python that has Argos Translate, where the developer has set one up."""
    place = os.environ.get("TONGWEN_ARGOS_PYTHON") or sys.executable
    ask = [place, "-c", "import importlib.util as u; assert u.find_spec('argostranslate')"]
    if subprocess.run(ask, capture_output=True).returncode == 0:
        return Path(place)
    return None


_ORACLE = r"""
import sys, types, json
# Its sentence splitters fetch models of their own; each line here is one sentence already.
try:
    import stanza
except ImportError:
    sys.modules["stanza"] = types.ModuleType("stanza")
import argostranslate.package, argostranslate.translate, argostranslate.sbd as sbd
sbd.MiniSBDSentencizer.__init__ = lambda self, pkg: setattr(self, "pkg", pkg)
sbd.MiniSBDSentencizer.split_sentences = lambda self, text: [text]
sbd.MiniSBDSentencizer.lazy_detector = lambda self: None
argostranslate.package.install_from_path(sys.argv[1])
(package,) = argostranslate.package.get_installed_packages()
translation = argostranslate.translate.get_translation_from_codes("zh", "en")
print(json.dumps([package.from_code, package.to_code]
                 + [translation.translate("<2en> " + line) for line in sys.argv[2:]]))
"""


def test_argos_translate_installs_the_package_and_gives_the_same_output(package, tmp_path):
    python = argos()
    if python is None:
        pytest.skip("Argos Translate is not installed; name a Python in TONGWEN_ARGOS_PYTHON")
    environment = {
        **os.environ, "ARGOS_PACKAGES_DIR": str(tmp_path / "argos"),
        "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "ARGOS_DEVICE_TYPE": "cpu",
    }  # fmt: skip
    done = subprocess.run(
        [python, "-c", _ORACLE, str(package), *SENTENCES], capture_output=True, text=True,
        encoding="utf-8", env=environment, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    ours = [item.text for item in Engine(starter()).translate(SENTENCES, "zh", "en")]
    assert json.loads(done.stdout.splitlines()[-1]) == ["zh", "en", *ours]
