"""The list of models as the pages show it, and the pack of one version for an auditor."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from fluvial.entities.promotion import Verdict
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.context import Permission
from fluvial.services.evidence_pack import pack
from fluvial.services.platform import EVERYBODY, Platform, somebody
from fluvial.wire.promotions import (
    ADD_EVIDENCE,
    CREATE_PROMOTION_REQUEST,
    SET_POLICY,
    AddEvidence,
    CreatePromotionRequest,
    SetPolicy,
)
from fluvial.wire.registry_overview import SEARCH_MODEL_OVERVIEWS, SearchModelOverviews
from tests.services.making import start
from tests.services.registering import create, log_model, measure, point, register


@pytest.fixture
def net(platform: Platform) -> str:
    """A model whose champion is version 2, with a metric, evidence and an open request for version 1."""
    create(platform, "net", by="ana")
    register(platform, "net")
    run = start(platform, experiment_id="0")
    model = log_model(platform, run)
    measure(platform, run, model, acc=0.9)
    register(platform, "net", model)
    point(platform, "net", "champion", 2, by="ana")
    for verdict in (Verdict.FAIL, Verdict.PASS):
        platform.call(ADD_EVIDENCE, AddEvidence(model_id=model, kind="environment", verdict=verdict))
    policy = SetPolicy(name="net", text="guards: [{alias: champion, approvals: 1}]")
    platform.call(SET_POLICY, policy)
    request = CreatePromotionRequest(
        name="net", version="2", target="alias", key="champion", reason="<b>why</b> not"
    )
    platform.call(CREATE_PROMOTION_REQUEST, request, somebody("dora"))
    return "net"


def packed(platform: Platform, version: str, kind: str = "zip") -> bytes:
    """The pack of a version of `net`."""
    return platform.read_with(Permission.READ, EVERYBODY, lambda context: pack(context, "net", version, kind))


def test_a_model_is_listed_with_its_champion_its_metrics_and_what_is_open(
    platform: Platform, net: str
) -> None:
    create(platform, "zoo")

    page = platform.call(SEARCH_MODEL_OVERVIEWS, SearchModelOverviews())

    first, second = page.models
    assert (first.registered_model.name, first.n_versions, first.n_open_requests) == ("net", 2, 1)
    assert first.champion is not None
    assert first.champion.version == "2"
    assert [(metric.key, metric.value) for metric in first.metrics] == [("acc", 0.9)]
    assert [(badge.kind, badge.verdict) for badge in first.badges] == [("environment", Verdict.PASS)]
    assert first.policy_number == 1
    assert (second.champion, second.n_versions, second.metrics) == (None, 0, ())


def test_a_pack_holds_all_facts_and_a_page_that_runs_nothing(platform: Platform, net: str) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(platform, "2"))) as archive:
        names = set(archive.namelist())
        history = json.loads(archive.read("history.json"))
        page = archive.read("index.html").decode()

    assert names == {
        "index.html",
        *(
            f"{part}.json"
            for part in (
                "version",
                "policy",
                "gates",
                "evidence",
                "requests",
                "history",
                "lineage",
                "model",
                "mlmodel",
            )
        ),
    }
    assert [event["author"] for event in history if event["field"] == "alias"] == ["ana"]
    assert "&lt;b&gt;why&lt;/b&gt; not" in page
    assert "<b>" not in page
    assert packed(platform, "2") == packed(platform, "2")
    assert packed(platform, "1", "html").startswith(b"<!doctype html>")


def test_there_is_no_pack_of_nothing_nor_of_another_form(platform: Platform, net: str) -> None:
    with pytest.raises(NotFound):
        packed(platform, "9")
    with pytest.raises(InvalidRequest, match="zip or html"):
        packed(platform, "1", "exe")
