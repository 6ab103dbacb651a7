"""Find the data that travels with the program, in a wheel and in a checkout."""

from importlib.resources import files
from pathlib import Path

from toolkit.errors import ToolkitError


def path(*parts: str) -> Path:
    """Return the path of shipped data, e.g. ``path("glossaries", "diplomatic.tsv")``.

    Raises:
        ToolkitError: If the installation lacks it.
    """
    package = Path(str(files("toolkit")))
    for root in (package / "_shipped", package.parent):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise ToolkitError(
        f"{'/'.join(parts)} is missing from this installation; install tongwen again"
    )
