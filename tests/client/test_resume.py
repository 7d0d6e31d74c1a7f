from __future__ import annotations

import os
from pathlib import Path

import pytest

import fluvial
from fluvial.client.process import this_process
from fluvial.errors import InvalidRequest
from tests.client.conftest import Script
from tests.server_process import ServerProcess

WORK = """
    import sys
    import fluvial
    fluvial.set_experiment("resumed-" + sys.argv[1])
    with fluvial.resume("job-17", tags={"part": sys.argv[2]}) as run:
        fluvial.log_metric("loss", int(sys.argv[2]), step=int(sys.argv[2]))
    print(run.info.run_id)
"""


def test_a_key_is_one_run_of_an_experiment(tracking: str) -> None:
    fluvial.set_experiment("resume-here")
    with fluvial.resume("job", run_name="first") as first:
        fluvial.log_metric("loss", 3, step=1)
    with fluvial.resume("job", tags={"again": 1}) as again:
        fluvial.log_metric("loss", 2, step=2)
        during = fluvial.get_run(again.info.run_id).info.status
    fluvial.set_experiment("resume-there")
    with fluvial.resume("job") as other:
        pass

    found = fluvial.get_run(first.info.run_id)
    assert first.info.run_id == again.info.run_id != other.info.run_id
    assert (found.info.run_name, during, found.info.status) == ("first", "RUNNING", "FINISHED")
    assert found.data.tags["fluvial.key"] == "job"
    assert found.data.tags["again"] == "1"
    assert [point.value for point in fluvial.get_metric_history(first.info.run_id, "loss")] == [3.0, 2.0]


def test_a_key_is_the_same_run_offline(
    server: ServerProcess, fresh: None, home: Path, run_script: Script
) -> None:
    name = os.urandom(4).hex()
    variables = {"FLUVIAL_TRACKING_URI": server.url}

    ids = {
        run_script(WORK, name, "1", **variables, FLUVIAL_OFFLINE="1").stdout,
        run_script(WORK, name, "2", **variables, FLUVIAL_OFFLINE="1").stdout,
        run_script(WORK, name, "3", **variables).stdout,
    }
    run_script("from fluvial.cli import main; main()", "sync", **variables)

    fluvial.set_tracking_uri(server.url)
    [run_id] = ids
    history = fluvial.get_metric_history(run_id.strip(), "loss")
    assert sorted(point.value for point in history) == [1.0, 2.0, 3.0]


def test_a_deleted_run_is_not_resumed_and_a_blank_key_is_none(tracking: str) -> None:
    fluvial.set_experiment("resume-deleted")
    with fluvial.resume("job") as run, pytest.raises(InvalidRequest, match="is active"):
        fluvial.resume("job")
    fluvial.delete_run(run.info.run_id)

    with pytest.raises(InvalidRequest, match="restore"):
        fluvial.resume("job")
    with pytest.raises(InvalidRequest, match="blank"):
        fluvial.resume(" ")
    assert this_process().tracker().flush(None, gives_up=True)
