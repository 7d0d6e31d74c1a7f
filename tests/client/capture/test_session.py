from __future__ import annotations

import inspect
import subprocess
from pathlib import Path

import mlflow
import pytest

import fluvial
from fluvial.errors import InvalidRequest
from tests.client.capture.conftest import Capture

SIGNATURES = (
    "enable_system_metrics_logging",
    "disable_system_metrics_logging",
    "set_system_metrics_sampling_interval",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_node_id",
)
# Reading sends what was logged, so that this waits for the next sample and not for a time.
UNTIL_MEASURED = """
def await_points(run_id, key, n_points):
    while len(fluvial.get_metric_history(run_id, key)) < n_points:
        pass
"""


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_run_says_by_itself_where_it_comes_from(capture: Capture, tmp_path: Path) -> None:
    project = tmp_path / "project"
    git(project, "init", "-b", "trunk")
    (project / "model.py").write_text("layers = 2\n")
    git(project, "add", ".")
    git(project, "commit", "-m", "Begin")
    git(project, "remote", "add", "origin", "https://me:hunter2@example.com/project.git")
    (project / "model.py").write_text("layers = 3\napi_key = 'not-for-others'\n")

    captured = capture(
        """
        import fluvial
        with fluvial.start_run():
            fluvial.log_metric("loss", 1)
        """,
        "--token",
        "not-for-others",
        "--rate=0.1",
        RANK="3",
    )

    files = captured.files("fluvial")
    assert captured.tags["mlflow.source.git.commit"] == git(project, "rev-parse", "HEAD")
    assert captured.tags["mlflow.source.git.branch"] == "trunk"
    assert captured.tags["mlflow.source.git.repoURL"] == "https://***@example.com/project.git"
    assert captured.tags["mlflow.source.name"] == "train.py"
    assert captured.tags["fluvial.git.dirty"] == "true"
    assert captured.tags["fluvial.command"].endswith("train.py --token '***' --rate=0.1")
    assert captured.tags["fluvial.env.RANK"] == "3"
    assert {"mlflow.user", "fluvial.host", "fluvial.python", "fluvial.platform"} <= set(captured.tags)
    assert "-layers = 2\n+layers = 3" in files["fluvial/uncommitted.diff"]
    assert files["fluvial/untracked.txt"] == "train.py\n"
    assert "\nmsgspec==" in files["fluvial/requirements.lock"]
    assert not any("not-for-others" in text for text in (*files.values(), *captured.tags.values()))


def test_a_long_diff_is_cut_and_says_so(capture: Capture, tmp_path: Path) -> None:
    project = tmp_path / "project"
    git(project, "init")
    (project / "notes.txt").write_text("")
    git(project, "add", ".")
    git(project, "commit", "-m", "Begin")
    (project / "notes.txt").write_text("a line\n" * 1000)

    captured = capture(
        "import fluvial; fluvial.log_metric('loss', 1)", FLUVIAL_CAPTURE_DIFF_LIMIT_BYTES="2000"
    )

    patch = captured.files("fluvial")["fluvial/uncommitted.diff"]
    assert 2000 < len(patch) < 2200
    assert "Cut here" in patch


def test_each_thing_can_be_left_out(capture: Capture) -> None:
    names = "MACHINE COMMAND GIT DIFF PACKAGES CONSOLE SEEDS SPEED SYSTEM_METRICS".split()

    captured = capture(
        "import fluvial; fluvial.log_metric('loss', 1); print('hello')",
        FLUVIAL_CAPTURE_ENVIRONMENT="none",
        **{f"FLUVIAL_CAPTURE_{name}": "false" for name in names},
    )

    assert captured.files() == {}
    assert not [tag for tag in captured.tags if tag.startswith(("fluvial.", "mlflow.source.git"))]
    assert set(captured.run.data.metrics) == {"loss"}


def test_all_of_it_can_be_left_out(capture: Capture) -> None:
    captured = capture(
        "import fluvial; fluvial.log_metric('loss', 1); print('hello')", FLUVIAL_CAPTURE="false"
    )

    assert captured.files() == {}
    assert not [tag for tag in captured.tags if tag.startswith(("fluvial.", "mlflow.source.git"))]


def test_what_is_printed_is_kept_with_its_time_and_its_stream(capture: Capture) -> None:
    captured = capture(
        """
        import logging, sys, threading
        import fluvial

        logging.basicConfig(level=logging.INFO, format="%(message)s")
        print("before the run")
        with fluvial.start_run():
            print("two", "words")
            logging.getLogger("user").info("logged")
            for percent in range(0, 101, 50):
                print(f"\\r{percent} %", end="", flush=True)
            print()
            thread = threading.Thread(target=print, args=("from a thread",))
            thread.start()
            thread.join()
            with fluvial.start_run(nested=True):
                print("from within")
            sys.stdout.write("no end of line")
        print("after the run")
        print(type(sys.stdout).__name__, "write" in vars(sys.stdout))
        """
    )

    [(name, log)] = [(name, text) for name, text in captured.files("fluvial").items() if "console" in name]
    assert name == "fluvial/console/0001.log"
    times, streams, lines = zip(*(line.split(" ", 2) for line in log.splitlines()), strict=True)
    assert sorted(zip(streams, lines, strict=True)) == sorted(
        [
            ("out", "two words"),
            ("err", "logged"),
            ("out", "100 %"),
            ("out", "from a thread"),
            ("out", "from within"),
            ("out", "no end of line"),
        ]
    )
    assert all(time.endswith("Z") and "T" in time for time in times)
    assert "before the run\ntwo words\n" in captured.stdout
    assert captured.stdout.endswith("after the run\nTextIOWrapper False\n")


def test_of_what_is_printed_the_beginning_and_the_end_are_kept(capture: Capture) -> None:
    captured = capture(
        """
        import fluvial
        with fluvial.start_run():
            for number in range(20_000):
                print(f"line {number:05d}")
        """,
        FLUVIAL_CAPTURE_CONSOLE_LIMIT_BYTES="200000",
    )

    parts = {name: text for name, text in captured.files("fluvial").items() if "console" in name}
    assert sorted(parts) == [f"fluvial/console/000{number}.log" for number in (1, 2, 3)]
    assert "line 00000\n" in parts["fluvial/console/0001.log"]
    assert any("line 19999\n" in text for text in parts.values())
    assert sum(len(text) for text in parts.values()) <= 200_000


def test_a_stream_that_cannot_be_followed_is_left_alone(capture: Capture) -> None:
    captured = capture(
        """
        import sys
        import fluvial

        class Stream:
            __slots__ = ("target",)
            def __init__(self, target):
                self.target = target
            def write(self, text):
                return self.target.write(text)
            def flush(self):
                self.target.flush()

        sys.stdout = Stream(sys.stdout)
        with fluvial.start_run():
            print("hello")
        """
    )

    assert captured.stdout == "hello\n"


def test_a_forked_child_prints_and_leaves_the_capture_to_its_parent(capture: Capture) -> None:
    captured = capture(
        """
        import os, sys
        import fluvial
        with fluvial.start_run():
            print("the parent", flush=True)
            child = os.fork()
            if not child:
                print("the child", flush=True)
                os._exit(0)
            os.waitpid(child, 0)
            print("the parent again")
        """
    )

    log = captured.files("fluvial/console")["fluvial/console/0001.log"]
    assert captured.stdout == "the parent\nthe child\nthe parent again\n"
    assert [line.split(" ", 2)[2] for line in log.splitlines()] == ["the parent", "the parent again"]


def test_the_machine_is_measured_by_the_names_of_mlflow(capture: Capture) -> None:
    captured = capture(
        UNTIL_MEASURED
        + """
import fluvial
fluvial.set_system_metrics_sampling_interval(0.05)
with fluvial.start_run() as run:
    await_points(run.info.run_id, "system/cpu_utilization_percentage", 3)
with fluvial.start_run(run_id=run.info.run_id):
    await_points(run.info.run_id, "system/cpu_utilization_percentage", 6)
"""
    )

    metrics = captured.run.data.metrics
    points = fluvial.get_metric_history(captured.run.info.run_id, "system/cpu_utilization_percentage")
    assert {
        "system/cpu_utilization_percentage",
        "system/system_memory_usage_megabytes",
        "system/system_memory_usage_percentage",
        "system/disk_usage_percentage",
        "system/disk_usage_megabytes",
        "system/disk_available_megabytes",
        "system/network_receive_megabytes",
        "system/network_transmit_megabytes",
        "system/process_memory_usage_megabytes",
    } <= set(metrics)
    assert 0 < metrics["system/system_memory_usage_percentage"] < 100
    assert [point.step for point in points] == list(range(len(points)))


def test_several_samples_make_one_point_of_a_node_if_asked_to(capture: Capture) -> None:
    captured = capture(
        UNTIL_MEASURED
        + """
import fluvial
fluvial.disable_system_metrics_logging()
fluvial.set_system_metrics_sampling_interval(0.02)
fluvial.set_system_metrics_samples_before_logging(3)
fluvial.set_system_metrics_node_id("node-1")
with fluvial.start_run(log_system_metrics=True) as run:
    await_points(run.info.run_id, "system/node-1/cpu_utilization_percentage", 2)
"""
    )

    points = fluvial.get_metric_history(captured.run.info.run_id, "system/node-1/cpu_utilization_percentage")
    assert [point.step for point in points[:2]] == [0, 1]


def test_the_machine_is_not_measured_where_mlflow_was_told_so(capture: Capture) -> None:
    captured = capture(
        """
        import fluvial
        fluvial.set_system_metrics_sampling_interval(0.001)
        with fluvial.start_run() as run:
            for step in range(1000):
                fluvial.log_metric("loss", 1, step)
            fluvial.flush()
        """,
        MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING="false",
    )

    assert set(captured.run.data.metrics) <= {"loss", "system/steps_per_second"}


@pytest.mark.parametrize("name", SIGNATURES)
def test_system_metrics_are_set_as_in_mlflow(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (fluvial, mlflow))

    assert list(ours.parameters) == list(theirs.parameters)


def test_a_sampling_interval_is_a_time(fresh: None) -> None:
    with pytest.raises(InvalidRequest, match="seconds above 0"):
        fluvial.set_system_metrics_sampling_interval(0)
    with pytest.raises(InvalidRequest, match="from 1 on"):
        fluvial.set_system_metrics_samples_before_logging(0)


def test_seeds_are_seen_that_were_set_before_the_run_and_within_it(capture: Capture) -> None:
    captured = capture(
        """
        import random
        import numpy.random
        import fluvial

        numpy.random.seed(11)
        fluvial.get_tracking_uri()
        random.seed(7)
        with fluvial.start_run():
            first = random.random()
            random.seed("later")
        assert random.Random(7).random() == first
        """,
        PYTHONHASHSEED="5",
    )

    assert {key: value for key, value in captured.tags.items() if "seed" in key} == {
        "fluvial.seed.hash": "5",
        "fluvial.seed.numpy": "11",
        "fluvial.seed.python": "later",
    }
