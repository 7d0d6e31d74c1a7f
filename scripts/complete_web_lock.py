"""Name in web/package-lock.json the packages for other platforms that npm left out of it.

    python3 -m scripts.complete_web_lock

Tools written in Rust or Go ship one package per platform and name them all as optional. Where npm cannot
look one up, as behind a registry's mirror that lacks it, npm leaves it out of the lock without a word, and
`npm ci` then refuses that lock everywhere. An entry with the version and the platform is all it asks for.
"""

from __future__ import annotations

import json
from typing import Any

from scripts.setup import WEB

LOCK = WEB / "package-lock.json"


def missing(packages: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries that the lock lacks, by path."""
    found = {}
    for entry in packages.values():
        for name, version in entry.get("optionalDependencies", {}).items():
            path = f"node_modules/{name}"
            if path in packages:
                continue
            system, processor, *library = name.rsplit("/", 1)[-1].removeprefix("binding-").split("-")
            found[path] = {
                "version": version,
                "cpu": [processor],
                **({"dev": True} if entry.get("dev") else {}),
                **({"libc": ["musl"]} if "musl" in library else {}),
                "license": entry["license"],
                "optional": True,
                "os": [system],
            }
    return found


if __name__ == "__main__":
    lock = json.loads(LOCK.read_text())
    lock["packages"] = dict(sorted({**lock["packages"], **missing(lock["packages"])}.items()))
    LOCK.write_text(f"{json.dumps(lock, indent=2, ensure_ascii=False)}\n")
