"""Logging a large model, killed half-way: the next to come goes on with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import fluvial
from fluvial.cli import root
from fluvial.errors import InvalidRequest
from tests.cutting_proxy import cutting_proxy
from tests.server_process import free_port, running_server

MIB = 1 << 20
N_BYTES = 40 * MIB + 11
CUT_AFTER = 21 * MIB  # in the third part of the weights

SCRIPT = """
import fluvial


class Sized(fluvial.pyfunc.PythonModel):
    def load_context(self, context):
        self.n_bytes = len(open(context.artifacts["weights"], "rb").read())

    def predict(self, context, model_input, params=None):
        return [self.n_bytes for _ in model_input]


fluvial.models.set_model(Sized())
"""
LOG = """
import sys
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run():
    fluvial.pyfunc.log_model(
        name="net", python_model="script.py", artifacts={"weights": "weights.bin"}, pip_requirements=[],
        registered_model_name="net",
    )
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "weights.bin").write_bytes(os.urandom(MIB) * 40 + b"an odd rest")
    (tmp_path / "script.py").write_text(SCRIPT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sync() -> str:
    done = CliRunner().invoke(root, ["sync"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("fresh")
def test_a_model_goes_on_after_its_client_and_the_server_were_killed(work: Path, home: Path) -> None:
    port = free_port()
    with running_server(work, port=port) as server, cutting_proxy(port) as network:
        network.limits.extend([CUT_AFTER] * 16)  # whichever connection carries the weights
        logging = subprocess.Popen([sys.executable, "-c", LOG, network.url])
        network.on_cut = logging.kill
        assert logging.wait() == -signal.SIGKILL
        server.process.kill()
        server.process.wait()
        (work / "weights.bin").unlink()
        network.limits.clear()
        network.n_bytes = 0
        with running_server(work, port=port):
            said = sync()

            assert "the model is sent" in said
            assert network.n_bytes < N_BYTES - 15 * MIB
            fluvial.set_tracking_uri(network.url)
            assert fluvial.pyfunc.load_model("models:/net/1").predict([0]) == [N_BYTES]
            (version,) = fluvial.search_model_versions(filter_string="name = 'net'")
            assert str(fluvial.get_logged_model(str(version.model_id)).status) == "LOGGED_MODEL_READY"
    assert not list((home / "models").iterdir())


@pytest.mark.usefixtures("fresh")
def test_nothing_is_kept_of_a_model_that_is_there_or_cannot_be_saved(work: Path, home: Path) -> None:
    fluvial.pyfunc.log_model(name="net", python_model="script.py", artifacts={"weights": "script.py"})
    with pytest.raises(InvalidRequest):
        fluvial.pyfunc.log_model(name="net", python_model="script.py", artifacts={"weights": "nowhere"})

    assert work.exists()
    assert not list((home / "models").iterdir())
    found = fluvial.search_logged_models()
    assert sorted(str(model.status) for model in found) == [
        "LOGGED_MODEL_READY",
        "LOGGED_MODEL_UPLOAD_FAILED",
    ]


@pytest.mark.usefixtures("fresh")
def test_what_was_not_complete_when_its_process_died_is_given_up(home: Path) -> None:
    (home / "models/m-00000000000000000000000000000000/model").mkdir(parents=True)

    assert "given up" in sync()
    assert not list((home / "models").iterdir())
