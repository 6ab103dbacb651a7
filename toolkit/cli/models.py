"""``tongwen models``: translation models on this machine, and the one door to the outside."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS


@click.group("models", short_help="List, install, verify and measure translation models.")
def command() -> None:
    """Keep translation models for `tongwen translate --model NAME`.

    Models lie in a folder of this program's own (the environment variable TONGWEN_MODELS names
    another) with the SHA-256 of every file. Nothing of the program opens a connection but
    `tongwen models install` with an address, --index or --hub.

    \b
    Example:
      tongwen models list
    """


def _registry() -> Any:
    from toolkit.translate.models.registry import Registry, default_home

    return Registry(default_home(os.environ))


@command.command("list", short_help="List the models installed, or those of an index.")
@click.option("--index", metavar="FILE", help="List what an index of Argos packages offers.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_command(index: str | None, form: str) -> None:
    """List the installed models: name, size, directions, licence, make, source.

    With --index a saved index.json of Argos packages is listed instead; directions between
    Chinese, Russian and English come first.

    Exit status: 0 done, 1 a model's manifest is damaged, 2 could not be done.

    \b
    Example:
      tongwen models list --format json
    """
    import json

    from toolkit.errors import ModelError

    broken = False
    if index is not None:
        from toolkit.translate.models import sources

        rows = sources.listing(sources.index(index, None))
        rows.sort(key=lambda row: (not row[1].directions, row[0]))
        if form == "json":
            records = [{"name": name, **_about(about)} for name, about in rows]
            click.echo(json.dumps(records, ensure_ascii=False, indent=1))
        else:
            heads = ("name", "version", "directions", "licence")
            _columns(heads, [(n, a.version, a.ways, a.licence or "not stated") for n, a in rows])
        return
    registry = _registry()
    found = [registry.get("starter")]
    for name in registry.names():
        try:
            found.append(registry.get(name))
        except ModelError as error:
            broken = True
            click.echo(f"{name}: {error}", err=True)
    if form == "json":
        click.echo(json.dumps([_record(model) for model in found], ensure_ascii=False, indent=1))
    else:
        heads = ("name", "size", "directions", "licence", "make", "source")
        _columns(heads, [
            (m.name, _size(m.size), _ways(m.description), m.description.licence or "not stated",
             m.description.kind, m.source)
            for m in found
        ])  # fmt: skip
    if broken:
        click.get_current_context().exit(1)


@command.command("info", short_help="Tell all that is known of one model.")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def info_command(name: str, form: str) -> None:
    """Tell what a model is: NAME of an installed one, or a folder.

    Published scores are told as published; what `tongwen models bench` measured here stands apart.

    \b
    Example:
      tongwen models info starter
    """
    import json

    from toolkit.translate.models import packages
    from toolkit.translate.models.registry import Installed, folder_sizes

    registry = _registry()
    path = Path(name)
    if path.is_dir() and name not in registry.names():
        root = packages.root_of(path)
        model = Installed(
            name, root, packages.describe(root), f"the folder {root}", {}, folder_sizes(root)
        )
    else:
        model = registry.get(name)
    if form == "json":
        click.echo(json.dumps(_record(model, True), ensure_ascii=False, indent=1))
        return
    for line in _told(model.description, model.source, model.size, model.archive or None):
        click.echo(line)
    click.echo(f"folder      {model.folder}")
    if model.installed:
        click.echo(f"installed   {model.installed}")
    for key, value in (model.measured or {}).items():
        click.echo(f"measured    {key}: {value}")
    for file, size in model.sizes.items():
        click.echo(f"file        {file}  {size} bytes  {model.hashes.get(file, '')}".rstrip())


@command.command("path", short_help="Print the folder of a model.")
@click.argument("name")
def path_command(name: str) -> None:
    """Print the folder of the installed model NAME, for other programs.

    \b
    Example:
      tongwen models path starter
    """
    click.echo(_registry().get(name).folder)


@command.command("install", short_help="Install a model from a file, folder or address.")
@click.argument("source", metavar="SOURCE")
@click.option("--name", help="Call it so; otherwise as its source does.")
@click.option("--index", metavar="FILE|URL", help="SOURCE is a package of this index (zh-en).")
@click.option("--hub", metavar="URL", help="SOURCE is owner/name[@revision] on this model hub.")
@click.option("--sha256", metavar="HEX", help="What the archive must have, or it is refused.")
@click.option("--mirror", metavar="URL", envvar="TONGWEN_MIRROR", help="Asked in place of hosts.")
@click.option("--proxy", metavar="URL", help="Otherwise as HTTPS_PROXY and NO_PROXY say.")
@click.option(
    "--timeout", type=click.FloatRange(0.1, 3600), default=30, show_default=True,
    help="Seconds of silence until a connection counts as lost.",
)  # fmt: skip
@click.option(
    "--tries", type=click.IntRange(1, 100), default=5, show_default=True,
    help="Attempts in a row that bring nothing until it is given up.",
)  # fmt: skip
@click.option("--convert", is_flag=True, help="Convert a model of another program on the way.")
@click.option("--show", is_flag=True, help="Only tell what would be installed.")
@click.option("-y", "--yes", is_flag=True, help="Download without asking.")
def install_command(
    source: str,
    name: str | None,
    index: str | None,
    hub: str | None,
    sha256: str | None,
    mirror: str | None,
    proxy: str | None,
    timeout: float,
    tries: int,
    convert: bool,
    show: bool,
    yes: bool,
) -> None:
    """Install a translation model.

    SOURCE is a folder or an archive (.argosmodel, .zip, .tar.gz) on this machine, or the address
    of an archive, or a name for --index or --hub. Make, directions, size, licence and published
    scores are told before anything is downloaded. A download that was cut off goes on where it
    stopped; one with another hash than was announced is thrown away.

    With --convert a folder, archive or hub's model that is not made for CTranslate2 becomes one:
    Marian's .npz, or model.safetensors with the extra `convert` (transformers, torch).

    \b
    Example:
      tongwen models install "$(tongwen models path starter)" --name mine --show
    """
    import re

    from toolkit.translate.models import packages, sources
    from toolkit.translate.models.download import Line
    from toolkit.translate.models.registry import check_name

    if index and hub:
        raise click.UsageError("name --index or --hub, not both")
    if sha256 and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise click.UsageError("--sha256 takes 64 hexadecimal figures")
    if sha256 and hub:
        raise click.UsageError("--sha256 pins one archive; a hub states the hash of each file")
    if name is not None:
        check_name(name)
    registry = _registry()
    outside = source.startswith(("http://", "https://"))
    if not (index or hub or outside):
        _install_local(registry, source, name, sha256, show, convert)
        return
    line = Line(mirror or "", proxy, timeout, tries)
    if index:
        offer = sources.of_index(index, source, line, sha256)
    elif hub:
        offer = sources.of_hub(hub, source, line, convert)
    else:
        offer = sources.of_url(source, line, sha256)
    chosen = check_name(name or offer.name)
    digests = offer.parts[0].sha256 if offer.archive else None
    for told in _told(offer.description, offer.source, offer.size, digests):
        click.echo(told, err=True)
    if not offer.pinned:
        click.echo("note: nobody stated a hash; what comes is pinned from now on only", err=True)
    click.echo(f"will be called {chosen}", err=True)
    registry.free(chosen)
    if show:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(
                "nothing was downloaded; add --yes if the above is what you want"
            )
        click.confirm("Download it?", abort=True, err=True)
    waiting = sources.cache_of(registry.home, offer)
    got, digest = sources.get(offer, waiting, line, _progress())
    installed = registry.install(
        got, chosen, offer.source, archive=digest, description=offer.description,
        converted=convert,
    )  # fmt: skip
    sources.forget(waiting)
    _installed(installed)
    packages.warn_unusable(installed.folder, lambda text: click.echo(text, err=True))


def _install_local(
    registry: Any, source: str, name: str | None, sha256: str | None, show: bool,
    convert: bool = False,
) -> None:  # fmt: skip
    from toolkit.errors import ModelError
    from toolkit.translate.models import packages, sources
    from toolkit.translate.models import registry as registry_module

    path = Path(source)
    if not path.exists():
        raise ModelError(
            f"{source}: no such file or folder; to install from outside name an address, or a"
            " package with --index, or a model with --hub"
        )
    chosen = registry_module.check_name(name or sources.local_name(path))
    archive = ""
    if path.is_file():
        archive = registry_module.sha256(path)
        if sha256 and archive != sha256.lower():
            raise ModelError(
                f"{source}: its SHA-256 is {archive}, wanted is {sha256.lower()}; do not use it"
            )
    elif sha256:
        raise click.UsageError("--sha256 pins an archive; a folder has none")
    if show and convert and path.is_dir() and packages.home_of(path) is None:
        click.echo(f"will be converted, and called {chosen}", err=True)
        registry.free(chosen)
        return
    if show:
        about, size = sources.of_local(path)
        for told in _told(about, source, size, archive or None):
            click.echo(told, err=True)
        click.echo(f"will be called {chosen}", err=True)
        registry.free(chosen)
        return
    installed = registry.install(
        path, chosen, str(path.absolute()), archive=archive, converted=convert
    )
    for told in _told(installed.description, source, installed.size, archive or None):
        click.echo(told, err=True)
    _installed(installed)
    packages.warn_unusable(installed.folder, lambda text: click.echo(text, err=True))


def _installed(model: Any) -> None:
    click.echo(f"installed {model.name}: {_size(model.size)}, {_ways(model.description)}")


@command.command("import", short_help="Install a model that another desk exported.")
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--name", help="Call it so; otherwise as its file does.")
def import_command(file: str, name: str | None) -> None:
    """Install FILE, which `tongwen models export` wrote; its manifest pins every file.

    \b
    Example:
      tongwen models import --help  # then: tongwen models import zh-en.zip
    """
    _install_local(_registry(), file, name, None, False)


@command.command("export", short_help="Write a model as one file.")
@click.argument("name")
@click.option("-o", "--output", metavar="FILE", required=True, help="The archive to write.")
@click.option("--argos", metavar="FROM:TO", help="As an Argos Translate package, one direction.")
def export_command(name: str, output: str, argos: str | None) -> None:
    """Write the model NAME as one file, for a desk without a network (`tongwen models import`).

    With --argos it becomes a package that Argos Translate installs as well.

    \b
    Example:
      tongwen models export starter --argos zh:en -o zh-en.argosmodel
    """
    from toolkit.errors import FileError

    path = Path(output)
    if path.is_dir() or not path.parent.is_dir():
        raise FileError(f"{output}: not a file in an existing folder")
    registry = _registry()
    note = ""
    if argos:
        from toolkit.translate.models import argos as packer

        source, _, target = argos.partition(":")
        if source not in LANGS or target not in LANGS or source == target:
            raise click.UsageError("--argos takes two languages of zh, ru, en: zh:en")
        registry.sound(name)
        model = registry.get(name)
        note = packer.write(model.folder, model.description, source, target, path, name)
    else:
        model = registry.export(name, path)
    click.echo(f"wrote {output}: {model.name}, {_size(path.stat().st_size)}")
    if note:
        click.echo(f"note: {note}", err=True)


@command.command("verify", short_help="Compare models with the hashes in their manifests.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def verify_command(names: tuple[str, ...]) -> None:
    """Compare the files of models (all, if none is named) with their manifests.

    Exit status: 0 all as installed, 1 something differs, 2 could not be done.

    \b
    Example:
      tongwen models verify
    """
    from toolkit.errors import ModelError

    registry = _registry()
    wrong = False
    for name in names or registry.names():
        try:
            problems = registry.verify(name)
        except ModelError as error:
            if names and name not in registry.names():
                raise
            problems = [str(error)]
        for problem in problems:
            click.echo(f"{name}: {problem}")
        if not problems:
            click.echo(f"{name}: as it was installed")
        wrong = wrong or bool(problems)
    if not names and not registry.names():
        click.echo("no model is installed beside the one that ships", err=True)
    if wrong:
        click.get_current_context().exit(1)


@command.command("remove", short_help="Delete installed models.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def remove_command(names: tuple[str, ...]) -> None:
    """Delete models from this machine.

    \b
    Example:
      tongwen models remove --help  # then: tongwen models remove zh-en
    """
    registry = _registry()
    for name in names:
        gone = registry.remove(name)
        click.echo(f"removed {name}" + (f": {_size(gone.size)}" if gone else ""))


@command.command("bench", short_help="Measure how a model runs fastest here.")
@click.argument("name", default="starter")
@click.option("--from", "source", type=click.Choice(LANGS), help="Otherwise the model's first.")
@click.option("--to", "target", type=click.Choice(LANGS), help="Otherwise the model's first.")
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=2, show_default=True,
              help="Time for each setting.")  # fmt: skip
@click.option("--quality", is_flag=True, help="Also chrF2++ and BLEU on the shipped dispatches.")
def bench_command(
    name: str, source: str | None, target: str | None, seconds: float, quality: bool
) -> None:
    """Measure sentences and pieces a second with each count of threads and kind of arithmetic.

    The fastest setting is written into the model's manifest and used from then on. The sentences
    are those of the shipped dispatches, with their names and figures in place. Of a model of other
    makers it is also measured which marks it carries over, for `translate --terms-method`.

    \b
    Example:
      tongwen models bench starter --seconds 0.2 --from zh --to en
    """
    from toolkit import corpus
    from toolkit.glossary.concept import Glossary
    from toolkit.glossary.match import Matcher
    from toolkit.translate.enforce import KEPT_AT_LEAST, Enforcer
    from toolkit.translate.engine import Engine
    from toolkit.translate.models import bench, packages

    registry = _registry()
    folder = registry.resolve(name)
    known = name in ("starter", *registry.names())
    about = registry.get(name).description if known else packages.describe(folder)
    source, target = _way(about.directions, source, target)
    pairs = [
        (unit[source], unit[target])
        for unit in corpus.triples()
        if source in unit and target in unit
    ]
    texts = [one for one, _ in pairs][:256]

    def tried(speed: Any) -> None:
        click.echo(_speed(speed))

    speeds = bench.measure(folder, texts, source, target, seconds=seconds, tried=tried)
    best = speeds[0]
    click.echo(f"fastest: {best.workers} × {best.threads} threads, {best.compute_type}")
    measured: dict[str, Any] = {
        "workers": best.workers, "threads": best.threads, "compute_type": best.compute_type,
        "sentences_per_second": round(best.sentences, 1),
    }  # fmt: skip
    if quality:
        from toolkit.score import metrics

        engine = Engine(folder, best.workers, best.threads, best.compute_type)
        made = [item.text for item in engine.translate([one for one, _ in pairs], source, target)]
        references = [[other for _, other in pairs]]
        for metric in (metrics.chrf, metrics.bleu):
            result = metric(made, references, target)
            click.echo(f"{source}-{target} {result.score:.1f}  {result.signature}")
            if metric is metrics.chrf:
                measured[f"chrf {source}-{target}"] = round(result.score, 1)
    engine = Engine(folder, best.workers, best.threads, best.compute_type)
    if engine.placeholders:
        click.echo("terms: the model knows this program's own placeholders")
    else:
        mark, kept = Enforcer(engine, source, target, Matcher(Glossary(())), "none").mark()
        told = "carried over" if kept >= KEPT_AT_LEAST else "not carried over well enough"
        click.echo(f"terms: marks like {mark.format(1)} {told} ({kept:.0%})")
        measured[f"marks {source}-{target}"] = round(kept, 2)
    if known and name != "starter":
        registry.note(name, measured)
        click.echo(f"noted for {name}", err=True)


def _way(
    ways: Sequence[tuple[str, str]], source: str | None, target: str | None
) -> tuple[str, str]:
    from toolkit.errors import ModelError

    fitting = [way for way in ways if source in (None, way[0]) and target in (None, way[1])]
    if fitting:
        return fitting[0]
    if ways:
        told = ", ".join(f"{one}>{other}" for one, other in ways)
        raise ModelError(f"the model does not translate so; it has {told}")
    if source and target and source != target:
        return source, target
    raise click.UsageError("the model does not state its direction; name --from and --to")


def _speed(speed: Any) -> str:
    return (
        f"{speed.workers} × {speed.threads} threads  {speed.compute_type:<13}"
        f"{speed.sentences:8.1f} sentences/s {speed.pieces:9.0f} pieces/s"
    )


def _told(about: Any, source: str, size: int | None, digest: str | None) -> list[str]:
    lines = [
        f"make        {about.kind}" + (f", version {about.version}" if about.version else ""),
        f"directions  {_ways(about)}",
        f"licence     {about.licence or 'not stated: ask its makers before you rely on it'}",
        f"size        {'not stated' if size is None else _size(size)}",
        f"source      {source}",
    ]
    others = [code for code in about.languages if code not in LANGS]
    if others:
        more = f" and {len(others) - 12} more" if len(others) > 12 else ""
        lines.append(f"languages   {', '.join(about.languages[:12])}{more}")
    if digest:
        lines.append(f"sha-256     {digest}")
    lines += [f"published   {name}: {value:g}" for name, value in about.scores] or [
        "published   no scores"
    ]
    return lines


def _ways(about: Any) -> str:
    return "all six" if len(set(about.directions)) == 6 else about.ways


def _about(about: Any) -> dict[str, Any]:
    return {
        "make": about.kind,
        "directions": [list(way) for way in about.directions],
        "languages": list(about.languages),
        "licence": about.licence or None,
        "version": about.version or None,
        "published": dict(about.scores),
    }


def _record(model: Any, whole: bool = False) -> dict[str, Any]:
    record = {
        "name": model.name,
        "folder": str(model.folder),
        "size": model.size,
        "source": model.source,
        **_about(model.description),
        "measured": dict(model.measured or {}),
    }
    if whole:
        record["archive_sha256"] = model.archive or None
        record["files"] = {
            name: {"size": size, "sha256": model.hashes.get(name)}
            for name, size in model.sizes.items()
        }
    return record


def _size(size: int) -> str:
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from toolkit.columns import pad, width

    table = [tuple(heads), *(tuple(" ".join(str(cell).split()) for cell in row) for row in rows)]
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (pad(cell, wide) for cell, wide in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _progress() -> Callable[[int, int | None], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, whole: int | None) -> None:
        share = f" of {_size(whole)}" if whole else ""
        click.echo(f"\r\033[K{_size(done)}{share}", nl=done == whole, err=True)

    return show
