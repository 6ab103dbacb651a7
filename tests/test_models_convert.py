"""A model of another program becomes one for CTranslate2 on its way in."""

import shutil
import sys
import types

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.translate.engine import Engine, starter
from toolkit.translate.models import convert
from toolkit.translate.models.registry import Registry


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGWEN_MODELS", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def published(tmp_path):
    """A folder as a hub serves it: weights of another program, a subword model, a card."""
    folder = tmp_path / "opus-mt-zh-en"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    (folder / "modeling_own.py").write_text("raise SystemExit('code of a stranger was run')")
    shutil.copy(starter() / "sentencepiece.model", folder / "source.spm")
    shutil.copy(starter() / "sentencepiece.model", folder / "target.spm")
    (folder / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n")
    return folder


def run(*arguments, status=0):
    result = CliRunner().invoke(main, ["models", *map(str, arguments)])
    assert result.exit_code == status, (result.output, result.exception)
    assert "Traceback" not in result.output
    return result.stderr if status else result.stdout


@pytest.fixture
def library(monkeypatch):
    """The extra's libraries as stand-ins: "converting" gives the shipped model's weights."""
    import ctranslate2

    for name in ("transformers", "torch"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    calls = []

    class Converter:
        def __init__(self, path, **options):
            calls.append((path, options))

        def convert(self, into, quantization, force):
            calls.append((into, {"quantization": quantization, "force": force}))
            shutil.copytree(starter(), into, ignore=shutil.ignore_patterns(
                "sentencepiece.model", "known.txt.gz", "MODEL_CARD.md"))  # fmt: skip

    monkeypatch.setattr(ctranslate2.converters, "TransformersConverter", Converter)
    return calls


def test_without_the_extra_it_says_what_to_install(published, home, monkeypatch):
    for missing in ("transformers", "torch"):
        monkeypatch.setitem(sys.modules, "transformers", types.ModuleType("transformers"))
        monkeypatch.setitem(sys.modules, missing, None)  # an import of it fails
        said = run("install", published, "--convert", status=2)
        assert f"converted with {missing}" in said and "pip install 'tongwen[convert]'" in said
        assert not list(home.iterdir())  # nothing half-installed stays


def test_a_converted_model_is_installed_whole_and_translates(published, home, library):
    assert "opus-mt-zh-en" in run("install", published, "--convert")
    (path, options), (_, how) = library
    assert options == {"trust_remote_code": False}  # no code of the model's own
    assert how == {"quantization": "int8", "force": False}
    assert path.startswith("/")  # a path on the disk, never a name that is asked for outside
    names = {file.name for file in (home / "opus-mt-zh-en").iterdir()}
    assert {"model.bin", "source.spm", "target.spm", "README.md"} <= names
    assert not names & {"model.safetensors", "modeling_own.py"}
    (made,) = Engine(home / "opus-mt-zh-en").translate(["双方同意加强合作。"], "zh", "en")
    assert made.text
    installed = Registry(home).get("opus-mt-zh-en")
    assert installed.description.licence == "cc-by-4.0"
    assert "as it was installed" in run("verify", "opus-mt-zh-en")


def test_a_model_that_needs_no_conversion_is_taken_as_it_is(home, library):
    run("install", starter(), "--name", "mine", "--convert")
    assert library == []


def test_without_the_option_nothing_is_converted(published, home):
    assert "add --convert" in run("install", published, status=2)


def test_pickled_weights_are_refused(published, home, library):
    (published / "model.safetensors").rename(published / "pytorch_model.bin")
    said = run("install", published, "--convert", status=2)
    assert "pickled" in said and "model.safetensors" in said and library == []


def test_a_conversion_that_fails_leaves_nothing(published, home, library, monkeypatch):
    import ctranslate2

    def fail(self, *arguments, **options):
        raise KeyError("unknown architecture")

    monkeypatch.setattr(ctranslate2.converters.TransformersConverter, "convert", fail)
    said = run("install", published, "--convert", status=2)
    assert "conversion failed" in said and "unknown architecture" in said
    assert not list(home.iterdir())


def test_marian_weights_need_their_own_configuration_and_no_extra(tmp_path, home, monkeypatch):
    import ctranslate2

    folder = tmp_path / "marian"
    folder.mkdir()
    (folder / "model.npz").write_bytes(b"weights")
    assert "decoder.yml" in run("install", folder, "--convert", status=2)
    (folder / "decoder.yml").write_text("models: [model.npz]\n")
    monkeypatch.setitem(sys.modules, "transformers", None)
    asked = []
    monkeypatch.setattr(ctranslate2.converters, "OpusMTConverter", lambda path: asked.append(path))
    assert "conversion failed" in run("install", folder, "--convert", status=2)
    assert [path.rpartition("/")[2] for path in asked] == [asked[0].rpartition("/")[2]]


def test_a_show_tells_without_converting(published, home, library):
    result = CliRunner().invoke(main, ["models", "install", str(published), "--convert", "--show"])
    assert result.exit_code == 0 and "will be converted" in result.stderr
    assert library == [] and not home.exists()


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("model.safetensors", True), ("model-00001-of-00002.safetensors", True),
        ("tokenizer_config.json", True), ("source.spm", True), ("README.md", True),
        ("pytorch_model.bin", False), ("modeling_own.py", False), ("tf_model.h5", False),
        ("../model.safetensors", False), ("onnx/model.onnx", False),
    ],
)  # fmt: skip
def test_of_a_hub_only_what_a_conversion_reads_is_fetched(name, taken):
    assert bool(convert.WANTED.fullmatch(name)) is taken
