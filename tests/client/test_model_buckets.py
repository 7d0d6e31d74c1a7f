"""Models in buckets: loaded by their URI, registered as they are, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pytest
from click.testing import CliRunner

import fluvial
from fluvial.cli import root
from fluvial.errors import InvalidRequest, ModelDamaged, NotFound, RequestError

SCRIPT = """
from fluvial.models import set_model
set_model(lambda model_input: [float(number) * 2 for number in model_input])
"""


@pytest.fixture
def s3(s3_url: str, s3_credentials: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_url)
    return boto3.client("s3", endpoint_url=s3_url)


@pytest.fixture
def stored(s3: Any, bucket: str, tmp_path: Path, fresh: None) -> str:
    """The URI of a model in a bucket."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    folder = tmp_path / "model"
    fluvial.pyfunc.save_model(folder, python_model=script, input_example=np.array([1.0]), pip_requirements=[])
    for file in folder.rglob("*"):
        if file.is_file():
            s3.upload_file(str(file), bucket, f"team/model/{file.relative_to(folder).as_posix()}")
    return f"s3://{bucket}/team/model"


def test_a_model_in_a_bucket_is_loaded_and_registered(stored: str) -> None:
    client = fluvial.FluvialClient()
    client.create_registered_model("doubled")
    version = client.create_model_version("doubled", source=stored)

    for uri in (stored, f"{stored}/", f"models:/doubled/{version.version}", "models:/doubled/latest"):
        assert fluvial.pyfunc.load_model(uri).predict(np.array([2.0])) == [4.0], uri


def test_commands_take_a_model_in_a_bucket(stored: str, tmp_path: Path) -> None:
    inspected = CliRunner().invoke(root, ["models", "inspect", stored, "--json"])
    predicted = CliRunner().invoke(root, ["models", "predict", stored, "--here"])
    options = ["--load-test", "0", "--json"]
    environment = {"FLUVIAL_CACHE": str(tmp_path / "cache"), "FLUVIAL_VULNERABILITY_URL": "none"}
    verified = CliRunner().invoke(root, ["models", "verify", stored, *options], env=environment)

    assert json.loads(inspected.stdout)["manifest"] == "valid"
    assert json.loads(predicted.stdout) == {"predictions": [2.0]}
    found = json.loads(verified.stdout)
    assert (found["verification"]["verdict"], found["is_kept"]) == ("pass", False)


def test_a_model_that_was_changed_in_its_bucket_is_refused(stored: str, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="team/model/script.py", Body=b"raise SystemExit('run')")

    with pytest.raises(ModelDamaged, match=r"script\.py"):
        fluvial.pyfunc.load_model(stored)


def test_an_object_whose_name_leads_out_of_the_folder_is_refused(
    stored: str, s3: Any, bucket: str, tmp_path: Path
) -> None:
    s3.put_object(Bucket=bucket, Key="team/model/../../escaped", Body=b"x")
    s3.put_object(Bucket=bucket, Key="team/model/a/%2e%2e/%2e%2e/escaped", Body=b"x")

    with pytest.raises(RequestError):
        fluvial.pyfunc.load_model(stored, dst_path=tmp_path / "copy")

    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize(
    "uri",
    [
        "http://169.254.169.254/latest",
        "https://host/model",
        "file://host/etc",
        "mlflow-artifacts://host/1/model",
        "s3://user@host:1/model",
        "s3://127.0.0.1:9000/model",
        "s3://bucket/../other",
        "s3://bucket/a%2f..%2f..",
        "s3://bucket/model?versionId=1",
        "ftp://bucket/model",
    ],
)
def test_what_names_no_folder_of_a_bucket_is_refused(uri: str, fresh: None) -> None:
    with pytest.raises((InvalidRequest, NotFound)):
        fluvial.pyfunc.load_model(uri)


def test_an_empty_folder_of_a_bucket_is_no_model(s3: Any, bucket: str, fresh: None) -> None:
    with pytest.raises(NotFound, match="nothing is there"):
        fluvial.pyfunc.load_model(f"s3://{bucket}/nothing")
