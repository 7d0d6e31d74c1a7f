"""The history of the registry: who put what where, what stood there on a day, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform, somebody
from fluvial.wire.model_versions import (
    DELETE_MODEL_VERSION,
    TRANSITION_STAGE,
    TransitionStage,
    VersionName,
)
from fluvial.wire.registered_models import (
    DELETE_REGISTERED_MODEL,
    GET_ALIAS,
    RENAME_REGISTERED_MODEL,
    AliasName,
    RegisteredModelName,
    RenameRegisteredModel,
)
from fluvial.wire.registry_history import (
    FIND_SERVED,
    PROMOTE,
    READ_REGISTRY_HISTORY,
    ROLLBACK,
    FindServed,
    Promote,
    ReadRegistryHistory,
    Rollback,
)
from tests.platforms import Clock
from tests.services.registering import create, point, register


@pytest.fixture
def net(platform: Platform) -> str:
    """A registered model with three versions."""
    create(platform, "net", by="ana")
    for _ in range(3):
        register(platform, "net", by="ana")
    return "net"


def history(platform: Platform, **more: Any) -> list[tuple[Any, ...]]:
    """What was decided, newest first."""
    page = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(**more))
    return [(e.field, e.key, e.version, e.before, e.after, e.author) for e in page.events]


def served(platform: Platform, target: Any, key: str, at: int, name: str = "net") -> tuple[str, ...]:
    """The versions that stood somewhere at a time."""
    return platform.call(FIND_SERVED, FindServed(name=name, target=target, key=key, at=at)).versions


def move(platform: Platform, version: int, stage: str, *, archives: bool = False, by: str = "") -> None:
    """Move a version to a stage as old clients do."""
    request = TransitionStage(
        name="net", version=str(version), stage=stage, archive_existing_versions=archives
    )
    platform.call(TRANSITION_STAGE, request, somebody(by))


def test_every_move_of_an_alias_is_written_with_who_and_from_where_and_a_move_to_the_same_is_not(
    platform: Platform, net: str
) -> None:
    point(platform, net, "champion", 1, by="ana")
    point(platform, net, "champion", 1, by="ben")
    point(platform, net, "champion", 3, by="ben")

    assert history(platform, name=net, field="alias") == [
        ("alias", "champion", "3", "1", "3", "ben"),
        ("alias", "champion", "1", None, "1", "ana"),
    ]
    assert history(platform, name=net)[-1] == ("model", "", None, None, "net", "ana")


def test_what_an_alias_stood_for_is_known_for_every_day(platform: Platform, net: str, clock: Clock) -> None:
    begun = clock.now_ms
    for version, at in ((1, 100), (2, 200)):
        clock.now_ms = begun + at
        point(platform, net, "champion", version)
    clock.now_ms = begun + 300
    platform.call(DELETE_MODEL_VERSION, VersionName(name=net, version="2"))

    found = [served(platform, "alias", "champion", begun + at) for at in (99, 100, 199, 200, 299, 300)]

    assert found == [(), ("1",), ("1",), ("2",), ("2",), ()]


def test_what_was_in_a_stage_is_known_also_of_a_model_that_was_renamed_and_deleted(
    platform: Platform, net: str, clock: Clock
) -> None:
    begun = clock.now_ms
    move(platform, 1, "production")
    clock.now_ms = begun + 10
    move(platform, 2, "Production")
    clock.now_ms = begun + 20
    move(platform, 3, "Production", archives=True)
    clock.now_ms = begun + 30
    platform.call(RENAME_REGISTERED_MODEL, RenameRegisteredModel(name=net, new_name="mesh"))
    platform.call(DELETE_REGISTERED_MODEL, RegisteredModelName(name="mesh"))

    found = [served(platform, "stage", "Production", begun + at, "mesh") for at in (0, 10, 20, 30)]

    assert found == [("1",), ("1", "2"), ("3",), ()]
    assert history(platform, name="mesh")[0][:5] == ("model", "", None, "mesh", None)


def test_a_reason_is_kept_and_one_click_goes_back_to_what_was_before(platform: Platform, net: str) -> None:
    for version in (1, 2, 3):
        request = Promote(
            name=net, version=str(version), target="alias", key="champion", reason=f"take {version}"
        )
        platform.call(PROMOTE, request, somebody("ana"))

    back = platform.call(ROLLBACK, Rollback(name=net, target="alias", key="champion"), somebody("ben"))

    assert back.model_version.version == "2"
    assert back.event is not None
    assert (back.event.author, back.event.before, back.event.after) == ("ben", "3", "2")
    page = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(name=net, field="alias"))
    assert [event.reason for event in page.events][1:] == ["take 3", "take 2", "take 1"]
    first = page.events[-2].event_id
    platform.call(ROLLBACK, Rollback(name=net, target="alias", key="champion", event_id=first))
    found = platform.call(GET_ALIAS, AliasName(name=net, alias="champion"))
    assert found.model_version.version == "1"


def test_a_stage_goes_back_to_the_version_that_was_there_before(platform: Platform, net: str) -> None:
    move(platform, 1, "Production")
    move(platform, 2, "Production", archives=True)

    back = platform.call(ROLLBACK, Rollback(name=net, target="stage", key="production"))

    assert back.model_version.version == "1"
    assert back.model_version.current_stage == "Production"


def test_there_is_no_way_back_to_nothing_nor_by_an_event_about_something_else(
    platform: Platform, net: str
) -> None:
    point(platform, net, "champion", 1)
    about_the_model = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(name=net, field="model"))

    with pytest.raises(NotFound, match="Nothing stood"):
        platform.call(ROLLBACK, Rollback(name=net, target="alias", key="champion"))
    with pytest.raises(InvalidRequest, match="is not about"):
        platform.call(
            ROLLBACK,
            Rollback(name=net, target="alias", key="champion", event_id=about_the_model.events[0].event_id),
        )


def test_history_comes_in_pages_from_new_to_old(platform: Platform, net: str) -> None:
    first = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(name=net, max_results=3))
    rest = platform.call(
        READ_REGISTRY_HISTORY,
        ReadRegistryHistory(name=net, max_results=3, page_token=first.next_page_token),
    )

    assert [e.field for e in (*first.events, *rest.events)] == ["version"] * 3 + ["model"]
    assert rest.next_page_token is None
