"""What an installation takes on disk: the base package, and with the server."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench.peer import ENVIRONMENTS, environment, mlflow_python
from bench.report import measured, report

REPOSITORY = Path(__file__).parents[1]


def main() -> None:
    wheels = ENVIRONMENTS / "wheels"
    build = [str(REPOSITORY / ".tools/uv/bin/uv"), "build", "--quiet", "--wheel", "--out-dir", str(wheels)]
    subprocess.run(build, cwd=REPOSITORY, check=True)
    wheel = max(wheels.glob("*.whl"), key=lambda path: path.stat().st_mtime)
    base = _packages_mb(environment("base", str(wheel)))
    server = _packages_mb(environment("server", f"{wheel}[server]"))
    peer = _packages_mb(mlflow_python())
    report(
        "install_size",
        [
            measured("install, base", "MB", [base], peer=[peer], below=20),
            measured("install, with server", "MB", [server], peer=[peer], below=150),
        ],
    )


def _packages_mb(python: Path) -> float:
    """Size of everything that is installed but pip and setuptools, MB."""
    (folder,) = (python.parents[1] / "lib").glob("python*/site-packages")
    tools = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
    files = (
        file
        for entry in folder.iterdir()
        if not entry.name.startswith(tools)
        for file in (entry.rglob("*") if entry.is_dir() else [entry])
    )
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
