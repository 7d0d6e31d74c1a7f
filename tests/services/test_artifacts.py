from __future__ import annotations

import io

import pytest
import urllib3

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.entities.artifact import FileInfo
from fluvial.errors import InvalidRequest, NotFound, NotSupported, PermissionDenied
from fluvial.services.artifacts import change_at
from fluvial.services.events import ANYTHING, Change
from fluvial.services.platform import Platform
from fluvial.store.database import Database
from fluvial.wire.artifacts import (
    CREATE_PRESIGNED_DOWNLOAD_URL,
    CREATE_PRESIGNED_UPLOAD_URL,
    LIST_ARTIFACTS,
    LIST_PROXIED_ARTIFACTS,
    CreatePresignedDownloadUrl,
    CreatePresignedUploadUrl,
    ListArtifacts,
    ListProxiedArtifacts,
)
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.runs import CREATE_RUN, DELETE_RUN, CreateRun, RunId


@pytest.fixture
def bucket_platform(database: Database, bucket: str, s3_url: str) -> Platform:
    """Clients write straight to a bucket; the server may read it."""
    options = StoreOptions(s3_endpoint_url=s3_url)
    root = f"s3://{bucket}/runs"
    return Platform(database, Locations(destination=None, default_root=root, options=options))


def start_run(platform: Platform, experiment_id: str = "0") -> str:
    return platform.call(CREATE_RUN, CreateRun(experiment_id=experiment_id)).run.info.run_id


def write(platform: Platform, run_id: str, name: str, content: bytes) -> None:
    location = platform.locations.of_run(platform.locations.of_experiment(0, ""), run_id)
    place = platform.locations.find(location)
    place.store.write(place.key(name), io.BytesIO(content))


def test_a_runs_artifacts_are_listed_one_level_at_a_time(platform: Platform) -> None:
    run_id = start_run(platform)
    for name in ("b.txt", "plots/roc.png", "plots/deep/x"):
        write(platform, run_id, name, b"12345")

    root = platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id))
    below = platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id, path="plots/"))

    assert root.root_uri == f"mlflow-artifacts:/0/{run_id}/artifacts"
    assert root.files == (
        FileInfo(path="b.txt", is_dir=False, file_size=5),
        FileInfo(path="plots", is_dir=True),
    )
    assert below.files == (
        FileInfo(path="plots/deep", is_dir=True),
        FileInfo(path="plots/roc.png", is_dir=False, file_size=5),
    )
    assert root.next_page_token is None


def test_a_file_and_a_missing_folder_list_nothing(platform: Platform) -> None:
    run_id = start_run(platform)
    write(platform, run_id, "a.txt", b"x")

    for path in ("a.txt", "missing"):
        assert platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id, path=path)).files == ()


def test_a_large_folder_is_listed_in_pages(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluvial.services.artifacts.PAGE", 2)
    run_id = start_run(platform)
    for number in range(5):
        write(platform, run_id, str(number), b"")

    names, token = [], None
    while True:
        page = platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id, page_token=token))
        names += [file.path for file in page.files]
        assert len(page.files) <= 2
        token = page.next_page_token
        if token is None:
            break

    assert names == list("01234")


@pytest.mark.parametrize("path", ["..", "../../1", "%2e%2e/x", "/etc", "a//b", "a\\..\\b"])
def test_no_listing_leaves_the_run(platform: Platform, path: str) -> None:
    run_id = start_run(platform)

    with pytest.raises(InvalidRequest, match="Invalid path"):
        platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id, path=path))
    with pytest.raises(InvalidRequest, match="Invalid path"):
        platform.call(LIST_PROXIED_ARTIFACTS, ListProxiedArtifacts(path=path))


def test_the_artifacts_of_no_run_are_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound):
        platform.call(LIST_ARTIFACTS, ListArtifacts(run_id="0" * 32))


def test_the_servers_own_store_is_listed_by_base_names(platform: Platform) -> None:
    run_id = start_run(platform)
    write(platform, run_id, "a/b.txt", b"xx")

    def list_own(path: str) -> tuple[FileInfo, ...]:
        return platform.call(LIST_PROXIED_ARTIFACTS, ListProxiedArtifacts(path=path)).files

    assert list_own("") == (FileInfo(path="0", is_dir=True),)
    assert list_own(f"0/{run_id}/artifacts/a") == (FileInfo(path="b.txt", is_dir=False, file_size=2),)
    assert list_own("missing") == ()


def test_an_experiment_is_kept_where_its_creator_may_ask_for(platform: Platform) -> None:
    made = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="e", artifact_location="s3://theirs/x"))
    run_id = start_run(platform, made.experiment_id)

    with pytest.raises(PermissionDenied, match="administrator"):
        platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id))


@pytest.mark.parametrize("location", ["/etc", "file:///etc", "./x", "http://host/x", "s3://b/../x"])
def test_no_experiment_is_kept_on_the_servers_disk_or_at_a_host(platform: Platform, location: str) -> None:
    with pytest.raises(InvalidRequest):
        platform.call(CREATE_EXPERIMENT, CreateExperiment(name="e", artifact_location=location))


def test_what_goes_through_the_server_has_no_other_url(platform: Platform) -> None:
    run_id = start_run(platform)
    write(platform, run_id, "a.txt", b"x")

    with pytest.raises(InvalidRequest, match="through the server"):
        platform.call(CREATE_PRESIGNED_UPLOAD_URL, CreatePresignedUploadUrl(run_id=run_id, path="a.txt"))
    with pytest.raises(InvalidRequest, match="through the server"):
        platform.call(CREATE_PRESIGNED_DOWNLOAD_URL, CreatePresignedDownloadUrl(run_id=run_id, path="a.txt"))


def test_without_its_own_store_the_server_lists_none(bucket_platform: Platform) -> None:
    with pytest.raises(NotSupported):
        bucket_platform.call(LIST_PROXIED_ARTIFACTS, ListProxiedArtifacts())


def test_artifacts_in_a_bucket_are_sent_and_read_past_the_server(bucket_platform: Platform) -> None:
    run_id = start_run(bucket_platform)

    up = bucket_platform.call(
        CREATE_PRESIGNED_UPLOAD_URL, CreatePresignedUploadUrl(run_id=run_id, path="plots/a b.txt")
    )
    urllib3.request("PUT", up.presigned_url, body=b"straight", headers=up.headers)
    down = bucket_platform.call(
        CREATE_PRESIGNED_DOWNLOAD_URL, CreatePresignedDownloadUrl(run_id=run_id, path="plots/a b.txt")
    )

    assert urllib3.request("GET", down.presigned_url).data == b"straight"
    assert down.file_size == 8
    listed = bucket_platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run_id, path="plots"))
    assert [file.path for file in listed.files] == ["plots/a b.txt"]


@pytest.mark.parametrize("expiration", [0, -1, 604_801])
def test_a_url_holds_from_a_second_to_a_week(bucket_platform: Platform, expiration: int) -> None:
    run_id = start_run(bucket_platform)

    with pytest.raises(InvalidRequest, match="604800"):
        bucket_platform.call(
            CREATE_PRESIGNED_UPLOAD_URL,
            CreatePresignedUploadUrl(run_id=run_id, path="a", expiration=expiration),
        )


def test_nothing_is_sent_to_a_deleted_run(bucket_platform: Platform) -> None:
    run_id = start_run(bucket_platform)
    bucket_platform.call(DELETE_RUN, RunId(run_id=run_id))

    with pytest.raises(InvalidRequest):
        bucket_platform.call(CREATE_PRESIGNED_UPLOAD_URL, CreatePresignedUploadUrl(run_id=run_id, path="a"))


def test_a_url_for_a_missing_artifact_is_not_given(bucket_platform: Platform) -> None:
    run_id = start_run(bucket_platform)

    with pytest.raises(NotFound):
        bucket_platform.call(
            CREATE_PRESIGNED_DOWNLOAD_URL, CreatePresignedDownloadUrl(run_id=run_id, path="a")
        )


RUN = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("key", "change"),
    [
        (f"7/{RUN}/artifacts/a.txt", Change("7", RUN, ("artifacts",))),
        (f"7/{RUN}/artifacts", Change("7", RUN, ("artifacts",))),
        ("7/models/m-1/artifacts/MLmodel", ANYTHING),
        (f"7/{RUN}", ANYTHING),
        ("team/x/y/artifacts/a", ANYTHING),
    ],
)
def test_a_write_is_told_to_whoever_watches_its_run(key: str, change: Change) -> None:
    assert change_at(key) == change
