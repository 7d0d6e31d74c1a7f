from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fluvial.errors import ModelDamaged, UntrustedModel
from fluvial.models import manifest


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "data").mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors: {}")
    (folder / "data/weights.bin").write_bytes(b"1234")
    manifest.write(folder)
    return folder


def test_a_model_is_what_its_manifest_says(model: Path) -> None:
    checked = manifest.check(model, is_required=True)

    assert checked is not None
    assert [file.path for file in checked.files] == ["MLmodel", "data/weights.bin"]
    assert checked.size_bytes == 15


def test_the_name_that_mlflow_leaves_beside_a_fetched_version_is_no_damage(model: Path) -> None:
    (model / "registered_model_meta").write_text("model_name: m")

    assert manifest.check(model) is not None


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "other content": (lambda model: (model / "data/weights.bin").write_bytes(b"1235"), "SHA-256 differs"),
    "more content": (
        lambda model: (model / "data/weights.bin").write_bytes(b"12345"),
        "5 bytes instead of 4",
    ),
    "a file less": (lambda model: (model / "data/weights.bin").unlink(), "is missing"),
    "a file more": (lambda model: (model / "data/evil.py").touch(), "data/evil.py is not in the manifest"),
    "a link": (lambda model: (model / "more").symlink_to("/etc"), "is a link"),
    "a file that is a link": (lambda model: link(model / "data/weights.bin", b"1234"), "is a link"),
    "no JSON": (lambda model: (model / "manifest.json").write_text("{"), "is no manifest"),
    "a newer form": (lambda model: edit(model, version=2), "Update fluvial"),
    "another hash": (lambda model: edit(model, algorithm="md5"), "cannot check"),
    "a file outside": (
        lambda model: edit(model, files=[{"path": "../x", "sha256": "", "size_bytes": 0}]),
        "outside of the model",
    ),
}


def link(file: Path, content: bytes) -> None:
    target = file.parent.parent.parent / "elsewhere"
    target.write_bytes(content)
    file.unlink()
    file.symlink_to(target)


def edit(model: Path, **fields: object) -> None:
    file = model / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES.keys())
def test_a_model_that_was_changed_is_refused(
    model: Path, change: Callable[[Path], object], said: str
) -> None:
    change(model)

    with pytest.raises(ModelDamaged, match=said):
        manifest.check(model)


def test_a_model_without_a_manifest_is_refused_where_one_is_required(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").touch()

    assert manifest.check(tmp_path) is None
    with pytest.raises(UntrustedModel, match="FLUVIAL_REQUIRE_MANIFEST"):
        manifest.check(tmp_path, is_required=True)
