"""The command line. The only room that knows Click; every heavy import waits inside a command."""

import io
import os
import sys
from importlib import import_module
from typing import Any

import click

from toolkit.errors import ToolkitError

# name -> the line `tongwen --help` shows. Modules load only when their command is called.
COMMANDS = {
    "read": "Show what is structure and what is text in a dispatch.",
    "align": "Align two or three versions of a dispatch.",
    "check": "Check phrases, figures, dates and names in texts and versions.",
    "rule": "Explain a rule of the check, or list them all.",
    "translate": "Translate a dispatch on this machine, fixed phrases kept.",
    "models": "List, install, verify and measure translation models.",
    "tm": "Keep translation memories: import, search, export.",
    "score": "Score a translation against its reference.",
    "glossary": "Keep the glossary: search, edit, merge, lint.",
    "corpus": "List and verify the shipped dispatches.",
    "demo": "Run the whole chain on the shipped Ningbo dispatch.",
}


class Program(click.Group):
    """Speak UTF-8, load commands lazily, and turn a user error into one message and status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return import_module(f"toolkit.cli.{name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # The encoder multiplies small matrices: threads only wait for each other there, and on a
        # busy machine many times longer than the work takes. Read when numpy is first imported.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8")
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # a full disk behind stdout; a closed pipe is Click's affair
            click.echo(f"Error: the output could not be written: {error.strerror}", err=True)
            _silence(sys.stdout)
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except ToolkitError as error:
            failure = click.ClickException(str(error))
            failure.exit_code = 2
            raise failure from error


def _silence(stream: Any) -> None:
    """Send what the interpreter flushes at exit to nowhere, so that it cannot fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError, AttributeError):
        pass


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tongwen", prog_name="tongwen")
def main() -> None:
    """One official dispatch in Chinese, Russian and English: align its versions, keep its fixed
    phrases fixed, translate it on this machine, score the result.

    Exit status: 0 done, 1 findings, 2 could not be done.
    """
