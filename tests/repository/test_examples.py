"""What the documents tell a reader to type does what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = [
    pytest.param(program, id=f"{document.name}-{number}")
    for document in DOCUMENTS
    for number, program in enumerate(re.findall(r"```python\n(.*?)```", document.read_text(), re.DOTALL), 1)
]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_in_the_documents_runs_as_it_stands(program: str, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FLUVIAL_", "MLFLOW_"))
    }

    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**environment, "FLUVIAL_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")},
        check=False,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *DOCUMENTS[1:]], ids=lambda path: path.name)
def test_a_link_in_the_documents_leads_somewhere(document: Path) -> None:
    targets = [document.parent / target for target in LINK.findall(document.read_text())]

    assert [str(target) for target in targets if not target.exists()] == []
