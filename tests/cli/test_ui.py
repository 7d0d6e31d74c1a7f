"""Saved views and reports as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fluvial
from fluvial.client.client import FluvialClient
from fluvial.client.process import this_process
from fluvial.errors import InvalidRequest, NotFound
from fluvial.wire.saved_views import CREATE_SAVED_VIEW, CreateSavedView
from tests.cli.conftest import Command

FILE = """
views:
- name: Best
  experiment: churn
  filter: metrics.auc > 0.8
  order: [metrics.auc DESC, params.depth ASC]
  columns: [metrics.auc, "params.a/b c", tags.x!y]
  is_default: true
- name: Long axes
  experiment: churn
  state: {log: true, smoothing: 0.5}
reports:
- title: Churn
  text: |
    # What helped

    More trees.
"""


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with an experiment."""
    uri = f"sqlite:///{tmp_path}/store.db"
    FluvialClient(uri).create_experiment("churn")
    return uri


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two views and a report."""
    written = tmp_path / "ui.yaml"
    written.write_text(FILE)
    return written


def test_a_file_is_planned_applied_once_and_exported_as_it_was(
    fluvial: Command, store: str, file: Path, tmp_path: Path
) -> None:
    def ui(*arguments: str) -> tuple[int, str]:
        ended = fluvial("ui", *arguments, "--tracking-uri", store)
        return ended.returncode, ended.stdout

    status, out = ui("plan", str(file), "--exit-status")
    assert status == 1
    assert '+ view churn: Best\n    + columns: "m.auc,p.a%2Fb%20c,t.x%21y"' in out
    assert "    + More trees." in out

    assert ui("apply", str(file), "--yes")[0] == 0
    status, out = ui("plan", str(file), "--exit-status")
    assert (status, out.splitlines()) == (
        0,
        ["= view churn: Best", "= view churn: Long axes", "= report Churn"],
    )

    exported = tmp_path / "again.yaml"
    assert ui("export", "-o", str(exported))[0] == 0
    assert ui("plan", str(exported), "--exit-status")[0] == 0
    assert "text: |" in exported.read_text()
    in_json = json.loads(ui("export", "-e", "churn", "--format", "json")[1])
    assert in_json["views"][0] == {
        "name": "Best",
        "experiment": "churn",
        "filter": "metrics.auc > 0.8",
        "order": ["metrics.auc DESC", "params.depth ASC"],
        "columns": ["metrics.auc", "params.a/b c", "tags.x!y"],
        "is_default": True,
    }
    assert in_json["reports"] == []


def test_a_change_shows_the_lines_that_change(fluvial: Command, store: str, file: Path) -> None:
    fluvial("ui", "apply", str(file), "-y", "--tracking-uri", store)
    file.write_text(FILE.replace("More trees.", "Fewer trees.").replace("0.8", "0.9"))

    out = fluvial("ui", "apply", str(file), "-y", "--tracking-uri", store).stdout

    assert '~ view churn: Best\n    - filter: "metrics.auc > 0.8"\n    + filter: "metrics.auc > 0.9"' in out
    assert "~ report Churn\n    - More trees.\n    + Fewer trees." in out
    assert "= view churn: Long axes" in out


def test_wrong_files_say_what_is_wrong(fluvial: Command, store: str, tmp_path: Path) -> None:
    for text, message, status in [
        ("views: [{name: a}]", "experiment", 1),
        ("view: []", "unknown field `view`", 1),
        ("a: [", "not YAML", 1),
        ("views: [{name: a, experiment: nowhere}]", "nowhere", 3),
        ("reports: [{title: a}, {title: a}]", "twice", 1),
    ]:
        file = tmp_path / "wrong.yaml"
        file.write_text(text)
        ended = fluvial("ui", "plan", str(file), "--tracking-uri", store)
        assert message in ended.stderr
        assert ended.returncode == status, ended.stderr


def test_views_and_reports_are_values_in_python(store: str) -> None:
    tracker = this_process().tracker_of(store)
    panel = fluvial.ui.Panel(experiment="churn", metric="auc", order="metrics.auc DESC")
    view = fluvial.ui.View(name="Best", experiment="churn", order="metrics.auc DESC")
    report = fluvial.ui.Report.of("Churn", ["# What helped", panel])

    done = fluvial.ui.apply([view, report], caller=tracker)
    again = fluvial.ui.plan([view, report], caller=tracker)

    assert [step.action for step in (*done, *again)] == ["create", "create", "keep", "keep"]
    assert fluvial.ui.export(caller=tracker) == [view, report]
    assert '{"chart": "line", "experiment": "churn", "order": "metrics.auc DESC", "metric": "auc"}' in (
        report.text
    )


def test_the_order_that_a_page_has_saved_is_written_down_as_people_write_it(store: str) -> None:
    tracker = this_process().tracker_of(store)
    experiment_id = FluvialClient(store).search_experiments(filter_string="name = 'churn'")[0].experiment_id
    for name, order in (("one", ["metrics.auc DESC"]), ("two", ["params.a ASC", "params.b ASC"])):
        request = CreateSavedView(experiment_id=experiment_id, name=name, state={"order": order})
        tracker.call(CREATE_SAVED_VIEW, request)

    one, two = fluvial.ui.export(["churn"], caller=tracker)

    assert one == fluvial.ui.View(name="one", experiment="churn", order="metrics.auc DESC")
    assert two == fluvial.ui.View(name="two", experiment="churn", order=("params.a ASC", "params.b ASC"))
    assert [step.action for step in fluvial.ui.plan([one, two], caller=tracker)] == ["keep", "keep"]


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="A column is"):
        fluvial.ui.View(name="a", experiment="b", columns=("loss",)).to_state()
    with pytest.raises(NotFound):
        fluvial.ui.read_file(tmp_path / "nothing.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(InvalidRequest, match="not JSON"):
        fluvial.ui.read_file(broken)
