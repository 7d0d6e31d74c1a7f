from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "ARCHITECTURE.md").read_text()
LAYOUT = re.search(r"## The layout\n+((?:    .*\n|\n)+)", DOCUMENT)
MAX_LINES = 500
GENERATED = ROOT / "web/src/api/schema.ts"  # by `npm run types`, from docs/openapi.json
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc"}


def sources() -> list[Path]:
    """Every file that is written by hand and runs."""
    python = [path for top in ("src", "tests", "scripts", "examples") for path in (ROOT / top).rglob("*.py")]
    web = [path for suffix in ("ts", "tsx", "css") for path in (ROOT / "web/src").rglob(f"*.{suffix}")]
    return [path for path in (*python, *web) if path != GENERATED]


def layout_paths() -> list[str]:
    """The paths of the layout's tree: what is indented further lies in the folder above it."""
    assert LAYOUT is not None
    folders: list[tuple[int, str]] = []
    paths = []
    for line in LAYOUT[1].splitlines():
        names = re.match(r"( *)((?:[\w.\-/]+(?: {2}|$))+)", line)
        if names is None or not line.strip():
            continue
        indent = len(names[1])
        while folders and folders[-1][0] >= indent:
            folders.pop()
        for name in names[2].split():
            path = "".join(folder for _, folder in folders) + name
            paths.append(path)
            if name.endswith("/"):
                folders.append((indent, name))
    return paths


def named_paths() -> list[str]:
    """The paths that the running text names in backticks."""
    text = DOCUMENT.replace(LAYOUT[0], "") if LAYOUT else DOCUMENT
    named = re.findall(r"`((?:[\w\-]+/)+[\w.\-]*|[\w\-]+\.(?:py|md|toml))`", text)
    return [path if (ROOT / path.split("/")[0]).exists() else f"src/fluvial/{path}" for path in named]


@pytest.mark.parametrize("path", sorted({*layout_paths(), *named_paths()}))
def test_a_path_that_the_architecture_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_architecture_names_every_package() -> None:
    packages = {f"src/fluvial/{file.parent.name}/" for file in (ROOT / "src/fluvial").glob("*/__init__.py")}

    assert packages <= set(layout_paths())


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): n_lines
        for path in sources()
        if (n_lines := len(path.read_text().splitlines())) > MAX_LINES
    }

    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources() if path.name.split(".")[0] in SAYS_NOTHING] == []
