"""What MLflow's client said to MLflow's server, said to ours: the answers are compared field by field.

`data/tracking.jsonl` holds one exchange a line, as recorded from version 3.17.2: `{run-1}` and the like stand
for what each server makes up, `{time}` for a time that it sets. Messages for people are not compared.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server_process import Answer, ServerProcess, on_both_databases

DATA = Path(__file__).parent / "data"
PLACE = re.compile(r"\{(?:experiment|run|name|model|token)-\d+\}")
# A place in a list, or the stage that it is compared by.
NUMBER = re.compile(r"/\d+(?=/|$)|(?<=latest_versions)/\w+")
ABSENT = "absent"
# Where and how we answer otherwise, on purpose; docs/compatibility.md says why.
# Lists of objects with a key are compared by key: protobuf's order of them is not the protocol's.
_TRACKING: dict[tuple[str, object, object], str] = {
    ("/sqlstate", "KAM00", ABSENT): "no-sqlstate",
    ("/error_class", "RESOURCE_NOT_FOUND", ABSENT): "no-sqlstate",
    ("/error_class", "RESOURCE_ALREADY_EXISTS", ABSENT): "no-sqlstate",
    ("/error_class", "INVALID_PARAMETER_VALUE", ABSENT): "no-sqlstate",
    ("/run/data/metrics/m2/value", 1.7976931348623157e308, "Infinity"): "infinities-are-kept",
    ("/runs/*/data/metrics/m2/value", 1.7976931348623157e308, "Infinity"): "infinities-are-kept",
    ("/fluvial_version", ABSENT, "a text"): "fluvial-says-its-own-version",
    ("/features_enabled/gateway", True, False): "parts-that-are-not-there-yet",
}
_ALIASES = "versions-say-their-aliases-and-models"
_REGISTRY: dict[tuple[str, object, object], str] = {
    ("/sqlstate", "KAM00", ABSENT): "no-sqlstate",
    ("/error_class", "RESOURCE_NOT_FOUND", ABSENT): "no-sqlstate",
    ("/error_class", "RESOURCE_ALREADY_EXISTS", ABSENT): "no-sqlstate",
    ("/error_class", "INVALID_PARAMETER_VALUE", ABSENT): "no-sqlstate",
    ("/error_code", "BAD_REQUEST", "INVALID_PARAMETER_VALUE"): "sql-errors",
    ("/details", ABSENT, "a dict"): "filter-errors-say-where",
    ("/model/info/registrations", ABSENT, "a list"): _ALIASES,
    ("/model_version/model_id", ABSENT, "a text"): _ALIASES,
    ("/model_versions/*/aliases", ABSENT, "a list"): _ALIASES,
    ("/model_versions/*/model_id", ABSENT, "a text"): _ALIASES,
    ("/registered_model/latest_versions/*/aliases", ABSENT, "a list"): _ALIASES,
    ("/registered_model/latest_versions/*/model_id", ABSENT, "a text"): _ALIASES,
    ("/registered_models/*/latest_versions/*/aliases", ABSENT, "a list"): _ALIASES,
    ("/registered_models/*/latest_versions/*/model_id", ABSENT, "a text"): _ALIASES,
}
DEVIATIONS = {"tracking": _TRACKING, "registry": _REGISTRY}


class Dialogue:
    """The recorded exchanges, with the ids of the server that answers now."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self._bound: dict[str, str] = {}
        self.deviations: dict[tuple[str, object, object], int] = {}

    def repeat(self, exchange: dict[str, Any]) -> None:
        """Say what was said; note where the answer is another one."""
        said = self._put(exchange)
        answer = self._server.request(
            said["method"],
            said["path"],
            message=said.get("message"),
            body=said["body"].encode() if "body" in said else None,
            query=_pairs(said.get("query", ())),
            headers={"Content-Type": said["content_type"]} if "content_type" in said else None,
        )
        for place, recorded, now in self._compare(exchange, answer):
            deviation = (NUMBER.sub("/*", place), recorded, now)
            self.deviations[deviation] = self.deviations.get(deviation, 0) + 1

    def _put(self, exchange: dict[str, Any]) -> dict[str, Any]:
        asked = {name: value for name, value in exchange.items() if name != "answer"}
        text = PLACE.sub(lambda place: self._bound[place[0]], json.dumps(asked))
        put: dict[str, Any] = json.loads(text)
        return put

    def _compare(self, exchange: dict[str, Any], answer: Answer) -> Iterator[tuple[str, object, object]]:
        if answer.status != exchange["status"]:
            yield exchange["path"], exchange["status"], answer.status
        kind = exchange.get("answer_type")
        if kind and answer.headers.get("Content-Type", "").partition(";")[0] != kind:
            yield f"{exchange['path']} Content-Type", kind, answer.headers.get("Content-Type")
        if "answer" in exchange:
            now = answer.json
            if "error_code" in now:
                assert now.pop("message")
            yield from self._differences("", exchange["answer"], now)

    def _differences(self, path: str, recorded: Any, now: Any) -> Iterator[tuple[str, object, object]]:
        if isinstance(recorded, dict) and isinstance(now, dict):
            for name in recorded.keys() | now.keys():
                yield from self._differences(
                    f"{path}/{name}", recorded.get(name, ABSENT), now.get(name, ABSENT)
                )
        elif isinstance(recorded, list) and isinstance(now, list):
            by = "current_stage" if path.endswith("latest_versions") else "key"
            yield from self._differences(path, _by_key(recorded, by), _by_key(now, by))
        elif recorded == "{time}":
            if not isinstance(now, int):
                yield path, recorded, now
        elif isinstance(recorded, str) and isinstance(now, str) and PLACE.search(recorded):
            if not self._binds(recorded, now):
                yield path, recorded, now
        elif recorded != now or type(recorded) is not type(now):
            yield (
                path,
                _shown(recorded),
                "a text" if recorded == ABSENT and isinstance(now, str) else _shown(now),
            )

    def _binds(self, recorded: str, now: str) -> bool:
        """Whether `now` is the recorded text with the ids of this server; learns those that are new."""
        pattern = re.escape(recorded)
        places = PLACE.findall(recorded)
        for place in places:
            known = re.escape(self._bound[place]) if place in self._bound else r"([\w-]+)"
            pattern = pattern.replace(re.escape(place), known)
        match = re.fullmatch(pattern, now)
        if match is None:
            return False
        unknown = [place for place in places if place not in self._bound]
        self._bound.update(zip(unknown, match.groups(), strict=True))
        return True


def _pairs(query: Any) -> Any:
    """A query as it is sent; a recorded one with a name twice is a list of pairs."""
    return query if isinstance(query, dict) else [tuple(pair) for pair in query]


def _shown(value: Any) -> Any:
    """Something to look up: "a list" for what is none."""
    return f"a {type(value).__name__}" if isinstance(value, list | dict) else value


def _by_key(items: list[Any], name: str) -> dict[str, Any]:
    if all(isinstance(item, dict) and name in item for item in items):
        return {item[name]: item for item in items}
    return {str(position): item for position, item in enumerate(items)}


def exchanges(recorded: str) -> list[dict[str, Any]]:
    """What was recorded, with names that nothing else has."""
    text = (DATA / f"{recorded}.jsonl").read_text().replace("wire", f"w{uuid.uuid4().hex}")
    return [json.loads(line) for line in text.splitlines()]


@on_both_databases
@pytest.mark.parametrize("recorded", list(DEVIATIONS))
def test_the_recorded_dialogue_gets_the_recorded_answers_but_for_listed_deviations(
    server: ServerProcess, recorded: str
) -> None:
    dialogue = Dialogue(server)

    for exchange in exchanges(recorded):
        dialogue.repeat(exchange)

    listed = DEVIATIONS[recorded]
    assert dialogue.deviations.keys() - listed.keys() == set()
    assert listed.keys() - dialogue.deviations.keys() == set(), "no longer deviates: take it off the list"


def test_the_reason_of_every_deviation_is_written_down() -> None:
    text = (Path(__file__).parents[2] / "docs" / "compatibility.md").read_text()

    reasons = {reason for listed in DEVIATIONS.values() for reason in listed.values()}
    assert {reason for reason in reasons if f'<a id="{reason}"></a>' not in text} == set()
