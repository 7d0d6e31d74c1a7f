from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluvial.artifacts import StoreOptions
from fluvial.artifacts._objects import SigningStore
from fluvial.artifacts.file import FileStore
from fluvial.artifacts.locations import Locations
from fluvial.errors import InvalidRequest, InvalidSetting, NotSupported, PermissionDenied
from fluvial.testing.artifacts import read, write

OPTIONS = StoreOptions()


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations(destination=str(tmp_path / "artifacts"), options=OPTIONS)


def test_the_server_assigns_a_place_in_its_own_store(locations: Locations) -> None:
    experiment = locations.of_experiment(7, "")

    assert experiment == "mlflow-artifacts:/7"
    assert locations.of_run(experiment, "ab12") == "mlflow-artifacts:/7/ab12/artifacts"
    assert locations.of_model(experiment, "m-1") == "mlflow-artifacts:/7/models/m-1/artifacts"


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("s3://bucket/team/", "s3://bucket/team/7"),
        ("/data/runs", "file:///data/runs/7"),
        ("file:///data/my%20runs", "file:///data/my%20runs/7"),
        ("mlflow-artifacts:/", "mlflow-artifacts:/7"),
        ("mlflow-artifacts:/team", "mlflow-artifacts:/team/7"),
    ],
)
def test_the_administrator_may_choose_another_root(root: str, expected: str) -> None:
    locations = Locations(destination=None, default_root=root, options=OPTIONS)

    assert locations.of_experiment(7, "") == expected


def test_a_relative_root_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    locations = Locations(destination=None, default_root="./runs", options=OPTIONS)

    assert locations.of_experiment(7, "") == f"file://{tmp_path}/runs/7"


@pytest.mark.parametrize(
    "location",
    ["s3://bucket", "s3://my-bucket.eu/some/prefix", "gs://b/x", "az://c/x", "mlflow-artifacts:/a/b"],
)
def test_a_caller_may_name_a_bucket_or_a_name_in_the_servers_store(
    locations: Locations, location: str
) -> None:
    assert locations.of_experiment(7, location) == location
    assert locations.check(f"{location}/") == location


@pytest.mark.parametrize(
    "location",
    [
        "/etc",
        "etc",
        "./runs",
        "~/runs",
        "C:/runs",
        "file:///etc",
        "FILE:///etc",
        "file:etc",
        "file://localhost/etc",
        "//host/share",
        "\\\\host\\share",
        "",
    ],
)
def test_no_caller_names_a_place_on_the_servers_disk(locations: Locations, location: str) -> None:
    with pytest.raises(InvalidRequest):
        locations.check(location)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest",
        "https://host/x",
        "ftp://host/x",
        "sftp://host/x",
        "hdfs://host/x",
        "r2://bucket@account/x",
        "b2://bucket/x",
        "abfss://container@account.dfs.core.windows.net/x",
        "mlflow-artifacts://host:5000/x",
        "mlflow-artifacts:x",
        "s3://key:secret@bucket/x",
        "s3://bucket:9000/x",
        "s3:bucket",
        "runs:/abc/model",
        "models:/m/1",
        "dbfs:/x",
        "names:x",
    ],
)
def test_no_caller_names_a_host(locations: Locations, location: str) -> None:
    with pytest.raises(InvalidRequest):
        locations.check(location)


@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/a/../b",
        "s3://bucket/%2e%2e/b",
        "s3://bucket/a?x=1",
        "s3://bucket/a#x",
        "s3://bucket/a;x",
        "s3://bucket/a#",
        "mlflow-artifacts:/../x",
        "mlflow-artifacts:/a/%252e%252e/x",
        "mlflow-artifacts:/a%20b",
        "mlflow-artifacts:/",
        "s3://bucket/" + "x" * 2048,
    ],
)
def test_a_malformed_location_is_refused(locations: Locations, location: str) -> None:
    with pytest.raises(InvalidRequest):
        locations.check(location)


@pytest.mark.parametrize("location", ["mlflow-artifacts:/7", "mlflow-artifacts:/7/some/run"])
def test_no_caller_takes_what_the_server_assigns_to_experiments(locations: Locations, location: str) -> None:
    with pytest.raises(InvalidRequest, match="assigns"):
        locations.check(location)


def test_what_the_administrator_allows_may_be_asked_for_and_is_opened(tmp_path: Path) -> None:
    locations = Locations(
        destination=str(tmp_path / "own"), allowed=(str(tmp_path / "share"),), options=OPTIONS
    )

    for spelling in (f"{tmp_path}/share/x", f"file://{tmp_path}/share/x", f"file:{tmp_path}/share/x/"):
        assert locations.check(spelling) == f"file://{tmp_path}/share/x"
    place = locations.find(f"file://{tmp_path}/share/x/run/artifacts")
    write(place.store, place.key("a.txt"), b"x")

    assert (tmp_path / "share/x/run/artifacts/a.txt").read_bytes() == b"x"
    for outside in (f"{tmp_path}/share2/x", f"{tmp_path}/share/../own", f"{tmp_path}/share/%2e%2e"):
        with pytest.raises(InvalidRequest):
            locations.check(outside)


def test_a_run_in_the_servers_store_is_found_there(locations: Locations, tmp_path: Path) -> None:
    place = locations.find("mlflow-artifacts:/7/run/artifacts")
    write(place.store, place.key("plots/a.png"), b"png")

    assert place.folder == "7/run/artifacts"
    assert (tmp_path / "artifacts/7/run/artifacts/plots/a.png").read_bytes() == b"png"


def test_a_run_below_the_default_root_is_found_there(tmp_path: Path) -> None:
    root = tmp_path / "my runs"
    locations = Locations(destination=None, default_root=str(root), options=OPTIONS)

    place = locations.find(locations.of_run(locations.of_experiment(7, ""), "run"))
    write(place.store, place.key("a.txt"), b"x")

    assert isinstance(place.store, FileStore)
    assert (root / "7/run/artifacts/a.txt").exists()


def test_a_place_is_opened_once(tmp_path: Path) -> None:
    locations = Locations(destination=None, default_root=str(tmp_path), options=OPTIONS)

    places = [
        locations.find(locations.of_run(locations.of_experiment(number, ""), "run")) for number in (1, 2)
    ]

    assert places[0].store is places[1].store


def test_the_destination_may_be_a_bucket(bucket: str, s3_url: str) -> None:
    locations = Locations(destination=f"s3://{bucket}/prefix", options=StoreOptions(s3_endpoint_url=s3_url))

    place = locations.find("mlflow-artifacts:/7/run/artifacts")
    write(place.store, place.key("a.txt"), b"x")

    assert isinstance(place.store, SigningStore)
    assert read(place.store, "7/run/artifacts/a.txt") == b"x"


@pytest.mark.parametrize("location", ["s3://other/7/run/artifacts", "file:///etc", "/etc"])
def test_the_server_goes_nowhere_it_was_not_told_to(locations: Locations, location: str) -> None:
    with pytest.raises(PermissionDenied, match="administrator"):
        locations.find(location)


def test_without_a_destination_nothing_is_proxied(tmp_path: Path) -> None:
    locations = Locations(destination=None, default_root=str(tmp_path), options=OPTIONS)

    with pytest.raises(NotSupported):
        locations.find("mlflow-artifacts:/7/run/artifacts")


def test_without_a_destination_a_root_is_needed() -> None:
    with pytest.raises(InvalidSetting, match="--default-artifact-root"):
        Locations(destination=None, options=OPTIONS)


def test_a_destination_that_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(InvalidSetting):
        Locations(destination=str(tmp_path / "file"), options=OPTIONS)


@given(st.text(max_size=40), st.sampled_from(["", "/", "file:", "file://", "s3://", "mlflow-artifacts:"]))
def test_whatever_is_asked_for_is_a_bucket_or_lies_in_the_servers_store(text: str, start: str) -> None:
    locations = Locations(destination=None, default_root="s3://bucket", options=OPTIONS)
    try:
        location = locations.check(start + text)
    except InvalidRequest:
        return

    assert location.startswith(("s3://", "gs://", "az://", "mlflow-artifacts:/"))
    assert ".." not in location.split("/")
