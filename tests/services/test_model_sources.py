"""What may be registered: nothing but what the server put somewhere, other versions, and buckets."""

from __future__ import annotations

import pytest

from fluvial.errors import RequestError
from fluvial.services.platform import Platform
from fluvial.wire.model_versions import (
    CREATE_MODEL_VERSION,
    GET_DOWNLOAD_URI,
    CreateModelVersion,
    VersionName,
)
from tests.services.making import start
from tests.services.registering import create, log_model, point, register


@pytest.fixture
def places(platform: Platform) -> dict[str, str]:
    """A run, another run, a logged model of the first, and version 1 of `net`."""
    run = start(platform, experiment_id="0")
    model = log_model(platform, run)
    create(platform, "net")
    register(platform, "net", model)
    point(platform, "net", "champion", 1)
    return {"run": run, "other": start(platform, experiment_id="0"), "model": model}


@pytest.mark.parametrize(
    ("source", "run", "model"),
    [
        ("/etc/passwd", "run", ""),
        ("file:///etc", "run", ""),
        ("file://host/etc", "run", ""),
        ("etc/../../x", "run", ""),
        ("https://host/model", "", ""),
        ("http://169.254.169.254/", "", ""),
        ("dbfs:/model", "", ""),
        ("mlflow-artifacts://host:1/0/{run}/artifacts", "run", ""),
        ("mlflow-artifacts:/0/{run}/artifacts/../../{other}", "run", ""),
        ("mlflow-artifacts:/0/{run}/artifacts/%2e%2e/%2e%2e/x", "run", ""),
        ("mlflow-artifacts:/0/{run}/artifacts/%252e%252e/x", "run", ""),
        ("mlflow-artifacts:/0/{run}/artifacts-of-another", "run", ""),
        ("mlflow-artifacts:/0/{run}/artifacts", "other", ""),
        ("mlflow-artifacts:/0/{run}/artifacts", "", ""),
        ("mlflow-artifacts:/0/models/{model}/artifacts", "", ""),
        ("runs:/{run}/model", "other", ""),
        ("runs:/{run}/../x", "run", ""),
        ("models:/{model}", "run", ""),
        ("models:/m-00000000000000000000000000000000", "", "m-00000000000000000000000000000000"),
        ("models:/net/2", "", ""),
        ("models:/net@nobody", "", ""),
        ("models:/net/Staging", "", ""),
        ("models:/", "", ""),
        ("s3://bucket/a?b=c", "", ""),
        ("s3://bucket/../a", "", ""),
        ("s3://user@host:1/a", "", ""),
        ("dummy-source", "", ""),
        ("", "", ""),
    ],
)
def test_a_source_that_is_not_among_the_named_files_is_refused(
    platform: Platform, places: dict[str, str], source: str, run: str, model: str
) -> None:
    request = CreateModelVersion(
        name="net",
        source=source.format(**places),
        run_id=places.get(run, ""),
        model_id=places.get(model, model),
    )

    with pytest.raises(RequestError) as refused:
        platform.call(CREATE_MODEL_VERSION, request)

    assert refused.value.status in {400, 404}


@pytest.mark.parametrize(
    ("source", "run", "model", "kept", "stored"),
    [
        ("runs:/{run}/model", "run", "", "runs:/{run}/model", "runs:/{run}/model"),
        (
            "mlflow-artifacts:/0/{run}/artifacts/model",
            "run",
            "",
            "mlflow-artifacts:/0/{run}/artifacts/model",
            "mlflow-artifacts:/0/{run}/artifacts/model",
        ),
        ("models:/net/1", "", "", "models:/net/1", "mlflow-artifacts:/0/models/{model}/artifacts"),
        ("models:/net@champion", "", "", "models:/net/1", "mlflow-artifacts:/0/models/{model}/artifacts"),
        ("models:/net/latest", "", "", "models:/net/1", "mlflow-artifacts:/0/models/{model}/artifacts"),
        ("s3://bucket/model", "", "", "s3://bucket/model", "s3://bucket/model"),
    ],
)
def test_what_is_allowed_is_kept_as_what_it_stands_for(
    platform: Platform, places: dict[str, str], source: str, run: str, model: str, kept: str, stored: str
) -> None:
    request = CreateModelVersion(name="net", source=source.format(**places), run_id=places.get(run, ""))

    made = platform.call(CREATE_MODEL_VERSION, request).model_version

    assert made.source == kept.format(**places)
    found = platform.call(GET_DOWNLOAD_URI, VersionName(name="net", version=made.version))
    assert found.artifact_uri == stored.format(**places)
