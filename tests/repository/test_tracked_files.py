from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
    )
]


def tracked_texts() -> dict[str, str]:
    """Every text file that git tracks, by name."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    texts = {}
    for name in filter(None, names.stdout.split("\0")):
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000]:
            texts[name] = content.decode()
    return texts


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))

    assert [name for name, text in tracked_texts().items() if pattern.search(text)] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    pattern = re.compile(r"(?:#|//|/\*) *(?:TODO|FIXME)\b")

    found = [name for name, text in tracked_texts().items() if pattern.search(text)]

    assert found == []
