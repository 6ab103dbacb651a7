"""``tongwen glossary``: one module a command, found by its name.

A command NAME lives in ``NAME.py`` of this package and is called ``command`` there. Where NAME is
a word of Python (``import``) or would hide one (``list``), the module is NAME + ``ing``:
``importing.py``, ``listing.py``. A new module is a new command; nothing is registered. Modules
whose names begin with ``_`` are shared: ``_shared.py`` holds options, reading, writing of records.

A module imports Click, ``toolkit.languages`` and ``toolkit.cli.glossary._shared`` at the top;
everything else inside the command function, so that any ``--help`` is fast. Each command has a
``short_help``, and an example in its help that runs in an empty folder.
"""

import pkgutil
from importlib import import_module

import click

# The order in which help shows them; a command that is not named here follows by its name.
_ORDER = (
    "list", "show", "search", "add", "edit", "remove", "approve", "reject", "rename", "merge",
    "diff", "import", "export", "lint", "extract", "attest", "drift", "stats", "history",
)  # fmt: skip
_MODULES = {"import": "importing", "list": "listing"}


class Commands(click.Group):
    """Find subcommands by the names of modules, and load one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = {module: name for name, module in _MODULES.items()}
        found = {
            names.get(module.name, module.name)
            for module in pkgutil.iter_modules(__path__)
            if not module.name.startswith("_")
        }
        return [name for name in _ORDER if name in found] + sorted(found.difference(_ORDER))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        return import_module(f"{__name__}.{_MODULES.get(name, name)}").command


@click.group("glossary", cls=Commands, short_help="Keep the glossary: look, edit, merge, lint.")
def command() -> None:
    """Keep the glossary: concepts with their terms in three languages. Look into it, change a
    file of your own, merge a colleague's, find what is wrong in it.

    \b
    Example:
      tongwen glossary search 战略协作
    """
