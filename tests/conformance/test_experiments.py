from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import RestException

from tests.server_process import on_both_databases

pytestmark = on_both_databases


@pytest.fixture
def prefix() -> str:
    return f"of-{uuid.uuid4().hex}"


def test_a_created_experiment_is_read_back_whole(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix, tags={"team": "vision", "mlflow.note.content": "# Note"})

    read = client.get_experiment(made)
    assert (read.experiment_id, read.name, read.lifecycle_stage) == (made, prefix, "active")
    assert read.artifact_location == f"mlflow-artifacts:/{made}"
    assert read.tags == {"team": "vision", "mlflow.note.content": "# Note"}
    assert read.creation_time == read.last_update_time > 0


def test_an_experiment_is_found_by_name(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix)

    assert client.get_experiment_by_name(prefix).experiment_id == made
    assert client.get_experiment_by_name(f"{prefix}-not") is None


def test_a_name_is_given_once_and_a_deleted_experiment_keeps_its(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix)
    with pytest.raises(RestException) as while_active:
        client.create_experiment(prefix)
    client.delete_experiment(made)
    with pytest.raises(RestException) as while_deleted:
        client.create_experiment(prefix)

    assert while_active.value.error_code == "RESOURCE_ALREADY_EXISTS"
    assert while_deleted.value.error_code == "RESOURCE_ALREADY_EXISTS"
    assert client.get_experiment_by_name(prefix).lifecycle_stage == "deleted"


def test_a_renamed_experiment_is_found_by_its_new_name_only(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix)

    client.rename_experiment(made, f"{prefix}-new")

    assert client.get_experiment(made).name == f"{prefix}-new"
    assert client.get_experiment_by_name(prefix) is None


def test_a_rename_to_a_name_that_is_taken_is_refused(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix)
    client.create_experiment(f"{prefix}-taken")

    with pytest.raises(RestException) as refused:
        client.rename_experiment(made, f"{prefix}-taken")

    assert refused.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_tags_of_an_experiment_are_set_overwritten_and_deleted(client: Any, experiment_id: str) -> None:
    client.set_experiment_tag(experiment_id, "stage", "draft")
    client.set_experiment_tag(experiment_id, "stage", "final")
    client.set_experiment_tag(experiment_id, "owner", "")
    assert client.get_experiment(experiment_id).tags == {"stage": "final", "owner": ""}

    client.delete_experiment_tag(experiment_id, "stage")
    assert client.get_experiment(experiment_id).tags == {"owner": ""}

    with pytest.raises(RestException) as refused:
        client.delete_experiment_tag(experiment_id, "stage")
    assert refused.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_deleting_an_experiment_deletes_its_runs_and_restoring_it_restores_them(
    client: Any, experiment_id: str, run_id: str
) -> None:
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"

    client.restore_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "active"
    assert client.get_run(run_id).info.lifecycle_stage == "active"


def test_a_deleted_experiment_takes_nothing_new(client: Any, experiment_id: str, run_id: str) -> None:
    client.delete_experiment(experiment_id)

    writes: tuple[Callable[[], object], ...] = (
        lambda: client.create_run(experiment_id),
        lambda: client.set_experiment_tag(experiment_id, "a", "b"),
        lambda: client.rename_experiment(experiment_id, uuid.uuid4().hex),
        lambda: client.log_metric(run_id, "m", 1.0),
    )
    for write in writes:
        with pytest.raises(RestException) as refused:
            write()
        assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


def test_deleting_or_restoring_twice_is_refused(client: Any, experiment_id: str) -> None:
    with pytest.raises(RestException) as not_deleted:
        client.restore_experiment(experiment_id)
    client.delete_experiment(experiment_id)
    with pytest.raises(RestException) as deleted:
        client.delete_experiment(experiment_id)

    assert not_deleted.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert deleted.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_experiments_are_searched_by_name_tag_and_time(client: Any, prefix: str) -> None:
    first = client.create_experiment(f"{prefix}-a", tags={"team": "vision"})
    second = client.create_experiment(f"{prefix}-B", tags={"team": "speech"})
    created = client.get_experiment(second).creation_time

    def ids(filter_string: str) -> set[str]:
        found = client.search_experiments(filter_string=f"name ILIKE '{prefix}%' AND {filter_string}")
        return {each.experiment_id for each in found}

    assert ids("name LIKE '%-a'") == {first}
    assert ids("name LIKE '%-b'") == set()
    assert ids("name ILIKE '%-b'") == {second}
    assert ids("name != 'x'") == {first, second}
    assert ids("tags.team = 'vision'") == {first}
    assert ids("tag.`team` IN ('vision', 'speech')") == {first, second}
    assert ids(f"creation_time >= {created}") >= {second}
    assert ids(f"attribute.last_update_time < {created + 600_000}") == {first, second}


def test_searched_experiments_are_ordered_paged_and_chosen_by_lifecycle(client: Any, prefix: str) -> None:
    names = [f"{prefix}-{letter}" for letter in "bca"]
    made = {name: client.create_experiment(name) for name in names}
    client.delete_experiment(made[f"{prefix}-c"])
    mine = {"filter_string": f"name LIKE '{prefix}%'"}

    def found(**search: Any) -> list[str]:
        return [each.name.removeprefix(f"{prefix}-") for each in client.search_experiments(**mine, **search)]

    assert found(order_by=["name"]) == ["a", "b"]
    assert found(order_by=["name DESC"], view_type=ViewType.ALL) == ["c", "b", "a"]
    assert found(view_type=ViewType.DELETED_ONLY) == ["c"]
    assert found() == ["a", "b"]  # newest first

    page = client.search_experiments(**mine, view_type=ViewType.ALL, order_by=["name ASC"], max_results=2)
    rest = client.search_experiments(
        **mine, view_type=ViewType.ALL, order_by=["name ASC"], max_results=2, page_token=page.token
    )
    assert [each.name[-1] for each in page] == ["a", "b"]
    assert ([each.name[-1] for each in rest], rest.token) == (["c"], None)


def test_an_experiment_may_name_its_own_bucket(client: Any, prefix: str) -> None:
    made = client.create_experiment(prefix, artifact_location="s3://bucket/models")

    assert client.get_experiment(made).artifact_location == "s3://bucket/models"


def test_experiment_zero_is_there_from_the_start(client: Any) -> None:
    assert client.get_experiment("0").name == "Default"


@pytest.mark.parametrize("experiment_id", ["not-a-number", "1.5", "9" * 30])
def test_an_id_that_is_no_whole_number_is_refused(client: Any, experiment_id: str) -> None:
    with pytest.raises(RestException) as refused:
        client.get_experiment(experiment_id)

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("name", ["x" * 501, " "])
def test_a_name_that_is_too_long_or_blank_is_refused(client: Any, name: str) -> None:
    with pytest.raises(Exception, match=r"name|Name") as refused:
        client.create_experiment(name)

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"  # type: ignore[attr-defined]
