"""What somebody gets who installs the wheel, with no checkout beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from urllib3 import PoolManager, Retry

from scripts.setup import install_uv
from tests.server_process import free_port

ROOT = Path(__file__).parents[2]
MAX_CLIENT_BYTES = 20 * 1000 * 1000

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def installed(folder: Path, requirement: str) -> Path:
    """A new virtual environment with one requirement and what it needs."""
    uv = str(install_uv())
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run(
        [
            *(uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python")),
            *("--constraint", str(ROOT / "requirements/run.txt"), requirement),
        ],
        check=True,
    )
    return folder


def test_the_wheel_has_the_pages_and_the_licence(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()

    assert "fluvial/server/webapp/index.html" in names
    assert any(name.startswith("fluvial/server/webapp/assets/") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_base_install_is_small(wheel: Path, tmp_path: Path) -> None:
    venv = installed(tmp_path / "venv", str(wheel))

    listed = subprocess.run(
        [str(install_uv()), "pip", "list", "--python", str(venv / "bin/python"), "--format", "json"],
        check=True,
        capture_output=True,
    )
    size = sum(file.stat().st_size for file in (venv / "lib").rglob("*") if file.is_file())

    rich = {"rich", "markdown-it-py", "mdurl", "pygments"}
    assert {package["name"] for package in json.loads(listed.stdout)} == {
        "click",
        "fluvial",
        "msgspec",
        "psutil",
        "urllib3",
        *rich,
    }
    assert size < MAX_CLIENT_BYTES
    subprocess.run([str(venv / "bin/python"), "-c", "from fluvial import log_metric"], check=True)


def test_the_installed_server_shows_the_pages(wheel: Path, tmp_path: Path) -> None:
    venv = installed(tmp_path / "venv", f"{wheel}[server]")
    port = free_port()

    environment = {**os.environ, "FLUVIAL_HOME": str(tmp_path / "home")}
    command = [str(venv / "bin/fluvial"), "server", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as server:
        try:
            until_it_is_up = Retry(total=None, connect=200, backoff_factor=0.1, backoff_max=0.5)
            page = PoolManager().request("GET", f"http://127.0.0.1:{port}/", retries=until_it_is_up)
        finally:
            server.terminate()

    assert b'<div id="root">' in page.data


@pytest.mark.parametrize(
    ("option", "extra"),
    [
        (("--backend-store-uri", "postgresql://db/fluvial"), "postgres"),
        (("--artifacts-destination", "s3://bucket/artifacts"), "objectstore"),
    ],
)
def test_the_server_says_which_extra_a_store_needs(
    wheel: Path, tmp_path: Path, option: tuple[str, str], extra: str
) -> None:
    venv = installed(tmp_path / "venv", f"{wheel}[server]")

    environment = {**os.environ, "FLUVIAL_HOME": str(tmp_path / "home")}
    command = [str(venv / "bin/fluvial"), "server", "--port", "0", *option]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert f"pip install 'fluvial[{extra}]'" in ended.stderr
    assert "Traceback" not in ended.stderr
