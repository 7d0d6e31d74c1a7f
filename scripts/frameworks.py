"""Check every flavor, each framework in an environment of its own, and write docs/flavors.md.

    .venv/bin/python -m scripts.frameworks            all of them
    .venv/bin/python -m scripts.frameworks prophet    some of them; the others keep their rows

What a framework needs is the extra of the flavor's name in pyproject.toml. Flavors whose tests are in
tests/flavors/ have their frameworks in .venv already. Where pip is told of a folder of wheels
(PIP_FIND_LINKS), what is in it is taken from there: a PyTorch for the CPU stays one for the CPU.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.setup import ROOT, install_uv

ENVIRONMENTS = ROOT / ".frameworks"
PAGE = ROOT / "docs/flavors.md"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TOOLS = (
    "mlflow-skinny==3.17.2",
    "pandas",
    "pytest>=9.0",
    "pytest-timeout>=2.4",
    "scikit-learn>=1.7",
)
LIMIT_S = 900
# Commands that frameworks start, and Debian's packages of them.
COMMANDS = {"h2o": ("java", "default-jre-headless"), "spark": ("java", "default-jre-headless")}
HEAD = """# Flavors

How models of each framework are kept is one file in `src/fluvial/flavors/`. Each is held to the same suite:
train a small model, save it, load it in a fresh process, predict the same. This page is written by
`make test-frameworks`, which installs each framework into an environment of its own; those marked `make test`
are checked at every change. *In MLflow* says whether MLflow 3.17.2 predicts the same with what was saved
here, and what it saved predicts the same here; of diffusers it keeps adapters alone.

| flavor | framework | version | checked | result | in MLflow | by |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """What is known of one flavor.

    Attributes:
        flavor: Its name.
        framework: The package that was installed.
        version: Of it.
        checked: The day.
        result: `passed`, or what went wrong.
        in_mlflow: The same of the tests that run MLflow.
        by: What checks it.
    """

    flavor: str
    framework: str
    version: str
    checked: str
    result: str
    in_mlflow: str
    by: str

    def __str__(self) -> str:
        told = (self.framework, self.version, self.checked, self.result, self.in_mlflow)
        return f"| {' | '.join((f'`{self.flavor}`', *told, f'`{self.by}`'))} |"

    @classmethod
    def parse(cls, line: str) -> Row:
        """A row of the page."""
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        return cls(*cells)

    @property
    def is_good(self) -> bool:
        """Whether all tests passed that could be run."""
        return self.result == "passed" and not self.in_mlflow.startswith("FAILED")


def flavors() -> list[str]:
    """The flavors that there are."""
    folder = ROOT / "src/fluvial/flavors"
    return sorted(path.stem for path in folder.glob("*.py") if not path.name.startswith("_"))


def needs(extra: str) -> list[str]:
    """The requirements of an extra, with those of the extras that it names."""
    found: list[str] = []
    for line in PROJECT["optional-dependencies"][extra]:
        inner = re.fullmatch(r"fluvial\[(\w+)\]", line)
        found += needs(inner[1]) if inner else [line]
    return found


def local_wheels() -> tuple[list[str], list[str]]:
    """Options for uv, and the versions that a folder of wheels has."""
    folder = os.environ.get("PIP_FIND_LINKS", "")
    if not folder or not Path(folder).is_dir():
        return [], []
    versions = ["==".join(path.name.split("-")[:2]) for path in Path(folder).glob("*.whl")]
    return ["--find-links", folder], versions


def environment_of(flavor: str) -> Path:
    """The Python of a flavor's environment, made where it is missing."""
    python = ENVIRONMENTS / flavor / "bin/python"
    options, versions = local_wheels()
    ENVIRONMENTS.mkdir(exist_ok=True)
    constraints = ENVIRONMENTS / "constraints.txt"
    constraints.write_text("".join(f"{version}\n" for version in versions))
    uv = install_uv()
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, ENVIRONMENTS / flavor], check=True)
    wanted = [*PROJECT["dependencies"], *needs(flavor), *TOOLS]
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python, *options]
    subprocess.run([*install, "--constraint", constraints, *wanted], check=True)
    return python


def install_command(flavor: str) -> str:
    """Have the command that a framework starts; returns what is wrong, empty for nothing."""
    command, package = COMMANDS.get(flavor, ("", ""))
    if not command or shutil.which(command):
        return ""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        return f"needs {command}: install {package}"
    for step in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", package]):
        if subprocess.run([apt, *step], stdout=subprocess.DEVNULL, check=False).returncode:
            return f"needs {command}: {package} cannot be installed"
    return ""


def check(flavor: str) -> Row:
    """Run the tests of a flavor."""
    is_quick = (ROOT / f"tests/flavors/test_{flavor}.py").exists()
    test = f"tests/{'flavors' if is_quick else 'frameworks'}/test_{flavor}.py"
    framework = re.split(r"[<>=!~;\[ ]", PROJECT["optional-dependencies"][flavor][1])[0]
    by = "make test" if is_quick else "make test-frameworks"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    problem = install_command(flavor)
    if problem:
        return Row(flavor, framework, "", today, problem, "", by)
    try:
        python = Path(sys.executable) if is_quick else environment_of(flavor)
    except subprocess.CalledProcessError:
        return Row(flavor, framework, "", today, "cannot be installed here", "", by)
    report = ENVIRONMENTS / f"{flavor}.xml"
    command: list[str | Path] = [
        python,
        "-m",
        "pytest",
        "--noconftest",
        "-p",
        "no:cacheprovider",
        "--timeout",
        str(LIMIT_S),
        f"--junitxml={report}",
        test,
    ]
    offline = {"HF_HUB_OFFLINE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **offline}, capture_output=True, text=True, check=False
    )
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314  pytest wrote it
    of_mlflow = [case for case in cases if re.search("mlflow.*predicts", str(case.get("name")))]
    result = _result([case for case in cases if case not in of_mlflow])
    in_mlflow = _result(of_mlflow)
    print(f"{flavor}: {result}; in MLflow: {in_mlflow}", flush=True)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-1000:], flush=True)
    return Row(flavor, framework, _version(python, framework), today, result, in_mlflow, by)


def _version(python: Path, framework: str) -> str:
    names = (framework, f"{framework}-cpu")
    code = (
        "import importlib.metadata as m, sys\n"
        "print(next(d.version for n in sys.argv[1:] for d in m.distributions(name=n)))"
    )
    return subprocess.run(
        [python, "-c", code, *names], capture_output=True, text=True, check=True
    ).stdout.strip()


def _result(cases: list[ElementTree.Element]) -> str:
    """What tests show together: the first that failed, else whether one was run."""
    for case in cases:
        for problem in (*case.iter("failure"), *case.iter("error")):
            reason = str(problem.get("message")).partition("\n")[0]
            return f"FAILED: {reason[:120]}".replace("|", "/")
    n_run = sum(case.find("skipped") is None for case in cases)
    return "passed" if n_run == len(cases) and n_run else "one way" if n_run else "it cannot"


def main() -> int:
    """Check the flavors that were asked for."""
    wanted = sys.argv[1:] or flavors()
    lines = PAGE.read_text().splitlines() if PAGE.exists() else []
    rows = {row.flavor: row for row in (Row.parse(line) for line in lines if line.startswith("| `"))}
    for flavor in wanted:
        rows[flavor] = check(flavor)
        PAGE.write_text(HEAD + "".join(f"{rows[name]}\n" for name in sorted(rows) if name in flavors()))
    failed = [flavor for flavor in wanted if not rows[flavor].is_good]
    print(f"{len(wanted) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
