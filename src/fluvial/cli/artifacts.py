"""`fluvial artifacts`: list, download, upload and print the files of a run."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import click

from fluvial.artifacts.names import checked_name
from fluvial.cli._named import RUN
from fluvial.cli._output import (
    Cell,
    Column,
    as_json_option,
    is_terminal,
    print_json,
    print_table,
    say,
    short_size,
    text_cell,
)
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._progress import Progress
from fluvial.entities.artifact import FileInfo
from fluvial.entities.run import Run
from fluvial.errors import NotFound
from fluvial.wire.artifacts import LIST_ARTIFACTS, ListArtifacts


@click.group("artifacts")
def command() -> None:
    """List, download, upload and print the files of a run.

    A RUN is an id, the beginning of one, or a name that only one run has.

    \b
    Examples:
      fluvial artifacts tree 4f1c
      fluvial artifacts cat 4f1c config.json
      fluvial artifacts download 4f1c checkpoints -o ./here
    """


@command.command("list")
@click.argument("run", type=RUN)
@click.argument("path", default="")
@click.option("-r", "--recursive", is_flag=True, help="The files of all folders below, too.")
@as_json_option
@reaching
def list_command(platform: Reached, run: str, path: str, recursive: bool, as_json: bool) -> None:
    """List a folder of a run's artifacts.

    \b
    Examples:
      fluvial artifacts list 4f1c
      fluvial artifacts list 4f1c checkpoints -r --json
    """
    found = platform.find_run(run)
    entries = _files_below(platform, found, path) if recursive else _folder(platform, found, path)
    if as_json:
        for entry in entries:
            print_json(entry)
        return
    columns = [Column("path"), Column("size" if is_terminal() else "size_bytes", "right")]
    if not print_table(columns, map(_row, entries)):
        say(f"{found.info.run_name} has no artifacts{f' in {path}' if path else ''}.")


@command.command("tree")
@click.argument("run", type=RUN)
@click.argument("path", default="")
@reaching
def tree(platform: Reached, run: str, path: str) -> None:
    """Show all artifacts of a run as a tree.

    \b
    Examples:
      fluvial artifacts tree 4f1c
      fluvial artifacts tree 4f1c checkpoints
    """
    found = platform.find_run(run)
    click.secho(path or found.info.run_name, bold=True)
    n_files = n_bytes = 0
    for indent, entry in _branches(platform, found, path, ""):
        name = PurePosixPath(entry.path).name
        if entry.is_dir:
            click.echo(click.style(indent, dim=True) + click.style(f"{name}/", fg="blue"))
        else:
            n_files += 1
            n_bytes += entry.file_size or 0
            size = click.style(f"  {short_size(entry.file_size or 0)}", dim=True)
            click.echo(click.style(indent, dim=True) + name + size)
    click.secho(f"{n_files:,} files, {short_size(n_bytes)}", dim=True)


@command.command("cat")
@click.argument("run", type=RUN)
@click.argument("path")
@reaching
def cat(platform: Reached, run: str, path: str) -> None:
    """Print a file of a run.

    \b
    Examples:
      fluvial artifacts cat 4f1c config.json
      fluvial artifacts cat 4f1c model.bin > model.bin
    """
    found = platform.find_run(run)
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch, "content")
        try:
            platform.transport.download(found.info.run_id, path, content)
        except NotFound as error:
            raise _no_file(platform, found, path) from error
        with content.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


@command.command("download")
@click.argument("run", type=RUN)
@click.argument("path", default="")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder to copy to. [this one]",
)
@reaching
def download(platform: Reached, run: str, path: str, folder: Path) -> None:
    """Copy a file, a folder, or all artifacts of a run; prints where each file is then.

    \b
    Examples:
      fluvial artifacts download 4f1c
      fluvial artifacts download 4f1c checkpoints/last.pt -o ./models
    """
    found = platform.find_run(run)
    files = [*_files_below(platform, found, path)]
    if not files:
        parent = str(PurePosixPath(path).parent)
        siblings = _folder(platform, found, "" if parent == "." else parent)
        files = [entry for entry in siblings if entry.path == path]
    if not files:
        raise _no_file(platform, found, path)
    total = sum(entry.file_size or 0 for entry in files)
    with Progress(f"Downloading {len(files)} files", total, counts_bytes=True) as progress:
        for entry in files:
            target = folder.joinpath(*PurePosixPath(checked_name(entry.path)).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            try:
                platform.transport.download(found.info.run_id, entry.path, part, progress.advance)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            click.echo(str(target))


@command.command("upload")
@click.argument("run", type=RUN)
@click.argument(
    "sources", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--to", "folder", default="", metavar="FOLDER", help="Folder of the run to copy into. [its root]"
)
@reaching
def upload(platform: Reached, run: str, sources: tuple[Path, ...], folder: str) -> None:
    """Keep copies of files, or of all files of folders, with a run.

    \b
    Examples:
      fluvial artifacts upload 4f1c report.pdf
      fluvial artifacts upload 4f1c plots/ notes.md --to review
    """
    found = platform.find_run(run)
    named = [(source, checked_name(name)) for source, name in _named(sources, folder)]
    total = sum(source.stat().st_size for source, _ in named)
    with Progress(f"Uploading {len(named)} files", total, counts_bytes=True) as progress:
        for source, name in named:
            platform.transport.upload(found.info.run_id, name, source, progress.advance)
    say(f"{len(named)} files ({short_size(total)}) kept with {found.info.run_name}.")


def _named(sources: tuple[Path, ...], folder: str) -> Iterator[tuple[Path, str]]:
    """Each file with the name of its artifact."""
    for source in sources:
        if source.is_dir():
            for path in sorted(source.rglob("*")):
                if path.is_file():
                    yield (
                        path,
                        str(PurePosixPath(folder, source.resolve().name, *path.relative_to(source).parts)),
                    )
        else:
            yield source, str(PurePosixPath(folder, source.name))


def _folder(platform: Reached, run: Run, path: str) -> Iterator[FileInfo]:
    token: str | None = None
    while True:
        request = ListArtifacts(run_id=run.info.run_id, path=path.strip("/"), page_token=token)
        page = platform.call(LIST_ARTIFACTS, request)
        yield from page.files
        token = page.next_page_token
        if not token:
            return


def _files_below(platform: Reached, run: Run, path: str) -> Iterator[FileInfo]:
    for entry in _folder(platform, run, path):
        if entry.is_dir:
            yield from _files_below(platform, run, entry.path)
        else:
            yield entry


def _branches(platform: Reached, run: Run, path: str, before: str) -> Iterator[tuple[str, FileInfo]]:
    """Each entry with the lines that lead to it."""
    entries = list(_folder(platform, run, path))
    for entry in entries:
        is_last = entry is entries[-1]
        yield before + ("└── " if is_last else "├── "), entry
        if entry.is_dir:
            yield from _branches(platform, run, entry.path, before + ("    " if is_last else "│   "))


def _row(entry: FileInfo) -> list[Cell]:
    if entry.is_dir:
        return [text_cell(f"{entry.path}/", "blue"), Cell("", "")]
    size = entry.file_size or 0
    return [text_cell(entry.path), Cell(short_size(size), str(size))]


def _no_file(platform: Reached, run: Run, path: str) -> NotFound:
    import difflib  # noqa: PLC0415 - only a mistyped path needs it

    near = difflib.get_close_matches(path, [entry.path for entry in _files_below(platform, run, "")], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return NotFound(
        f"{run.info.run_name} has no artifact {path!r}.{hint}\n"
        f"  fluvial artifacts tree {run.info.run_id[:8]} shows what it has."
    )
