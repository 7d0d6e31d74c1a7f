"""What has run code or left its folder when MLflow loaded a model, tried on models here.

Each attack would leave a canary, a file outside of the model. It is refused with an error that says why, and
the canary is not there.
"""

from __future__ import annotations

import io
import os
import pickle
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import yaml
from sklearn.linear_model import LinearRegression

from fluvial.errors import InvalidModel, InvalidRequest, ModelDamaged, UntrustedModel
from fluvial.models import environment, manifest, saving
from fluvial.models.loading import Trust, load_flavor, load_pyfunc
from fluvial.models.saving import Options

CAREFUL = Trust()
CARELESS = Trust(allow_pickle=True)  # whoever says so trusts pickles, and still is not robbed


class Bomb:
    """Unpickled, it leaves the canary."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self._canary}",)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture(scope="module")
def pickled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of scikit-learn that was saved as a pickle."""
    folder = tmp_path_factory.mktemp("models") / "model"
    model = LinearRegression().fit(np.eye(3), [1, 2, 3])
    write = saving.of_flavor("sklearn", model, {"serialization_format": "cloudpickle"})
    saving.save(folder, write, Options(allow_pickle=True))
    return folder


@pytest.fixture
def model(pickled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pickled, tmp_path / "model"))


def bomb_as_pickle(file: Path, canary: Path) -> None:
    file.write_bytes(pickle.dumps(Bomb(canary)))


def bomb_after_a_model(file: Path, canary: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1] + pickle.dumps(Bomb(canary), 0))


def bomb_in_joblib(file: Path, canary: Path) -> None:
    joblib.dump({"weights": np.ones(3), "more": np.array([Bomb(canary)], dtype=object)}, file, compress=3)


def bomb_that_breaks_off(file: Path, canary: Path) -> None:
    file.write_bytes(pickle.dumps(Bomb(canary))[:-1] + b"\xff\xff")


def bomb_as_arrays(file: Path, canary: Path) -> None:
    content = io.BytesIO()
    np.savez(content, weights=np.array([Bomb(canary)], dtype=object))
    file.write_bytes(content.getvalue())


def bomb_as_torch_writes(file: Path, canary: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(Bomb(canary), 2))


BOMBS: dict[str, Callable[[Path, Path], None]] = {
    "CVE-2024-37052 pickle": bomb_as_pickle,
    "pickle after a model": bomb_after_a_model,
    "joblib": bomb_in_joblib,
    "pickle that breaks off": bomb_that_breaks_off,
    "numpy arrays": bomb_as_arrays,
    "CVE-2024-37059 PyTorch archive": bomb_as_torch_writes,
}


@pytest.mark.parametrize("trust", [CAREFUL, CARELESS], ids=["careful", "careless"])
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_in_a_model_never_goes_off(
    model: Path, canary: Path, bomb: Callable[[Path, Path], None], trust: Trust
) -> None:
    bomb(pickle_of(model), canary)
    manifest.write(model)  # the attacker's own, which is as good as any

    for load in (lambda: load_pyfunc(model, trust), lambda: load_flavor("sklearn", model, trust, {})):
        with pytest.raises(UntrustedModel, match="was not loaded"):
            load()
    assert not canary.exists()


def test_a_bomb_under_another_name_never_goes_off(model: Path, canary: Path) -> None:
    bomb_as_pickle(model / "weights.txt", canary)
    edit_flavors(model, lambda flavors: flavors["sklearn"].update(pickled_model="weights.txt"))
    edit_flavors(model, lambda flavors: flavors["python_function"].update(model_path="weights.txt"))
    manifest.write(model)

    with pytest.raises(UntrustedModel):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


def test_a_harmless_pickle_is_loaded_where_pickles_are_allowed_only(model: Path) -> None:
    assert load_pyfunc(model, CARELESS).predict(np.eye(3)) == pytest.approx([1, 2, 3])
    with pytest.raises(UntrustedModel, match="allow_pickle=True"):
        load_pyfunc(model, CAREFUL)


def member_outside(model: Path) -> None:
    with zipfile.ZipFile(model / "weights.npz", "w") as archive:
        archive.writestr("../../canary", b"")


def member_of_tar_outside(model: Path) -> None:
    with tarfile.open(model / "weights.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("../../canary"), io.BytesIO())


def link_in_tar(model: Path) -> None:
    with tarfile.open(model / "weights.tar", "w") as archive:
        link = tarfile.TarInfo("weights")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)


def archive_that_fills_the_disk(model: Path) -> None:
    with zipfile.ZipFile(model / "weights.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"")
        archive.infolist()[0].file_size = 1 << 40


ARCHIVES = {
    "CVE-2025-11201 zip": (member_outside, "leaves the folder"),
    "mlflow issue 21824 tar": (member_of_tar_outside, "leaves the folder"),
    "link in tar": (link_in_tar, "neither a file nor a folder"),
    "bomb": (archive_that_fills_the_disk, "become 1,099,511,627,776"),
}


@pytest.mark.parametrize(("make", "said"), ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_that_would_leave_its_folder_is_refused(
    model: Path, canary: Path, make: Callable[[Path], None], said: str
) -> None:
    make(model)
    manifest.write(model)

    with pytest.raises(UntrustedModel, match=said):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


def test_a_file_that_was_tampered_with_is_refused(model: Path, canary: Path) -> None:
    bomb_as_pickle(pickle_of(model), canary)

    with pytest.raises(ModelDamaged, match="nothing of it was loaded"):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


def test_code_that_was_slipped_in_is_refused(model: Path, canary: Path) -> None:
    (model / "code").mkdir()
    (model / "code/sklearn.py").write_text(f"open({str(canary)!r}, 'w')")
    edit_flavors(model, lambda flavors: flavors["python_function"].update(code="code"))

    with pytest.raises(ModelDamaged, match=r"code/sklearn\.py is not in the manifest"):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


def test_a_link_is_refused_even_without_a_manifest(model: Path, tmp_path: Path) -> None:
    (model / manifest.FILE).unlink()
    secret = tmp_path / "secret"
    secret.write_text("the content of a file outside")
    (model / "input_example.json").symlink_to(secret)

    with pytest.raises(ModelDamaged, match="is a link"):
        load_pyfunc(model, CARELESS)


@pytest.mark.parametrize("place", ["../outside", "/etc/passwd", "a/../../outside"])
def test_a_model_cannot_name_files_outside_of_it(
    model: Path, tmp_path: Path, canary: Path, place: str
) -> None:
    bomb_as_pickle(tmp_path / "outside", canary)
    for flavor, key in (("sklearn", "pickled_model"), ("python_function", "model_path")):
        edit_flavors(model, lambda flavors, flavor=flavor, key=key: flavors[flavor].update({key: place}))  # type: ignore[misc]
    manifest.write(model)

    with pytest.raises(UntrustedModel, match="outside of its folder"):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


@pytest.mark.parametrize("line", ["-r ../secret", "-c /etc/passwd", "--requirement=/etc/passwd"])
def test_requirements_of_a_model_name_no_files_outside_of_it(model: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "secret").write_text("the content of a file outside")
    (model / "requirements.lock").write_text(f"{line}\n")

    with pytest.raises(InvalidRequest, match="names a file outside") as refused:
        environment.read(model)
    assert "content" not in str(refused.value)


def test_yaml_that_makes_objects_makes_none(model: Path, canary: Path) -> None:
    text = (model / "MLmodel").read_text()
    (model / "MLmodel").write_text(f"{text}\nmetadata: !!python/object/apply:os.system ['touch {canary}']\n")
    manifest.write(model)

    with pytest.raises(InvalidModel):
        load_pyfunc(model, CARELESS)
    assert not canary.exists()


def pickle_of(model: Path) -> Path:
    return model / str(yaml.safe_load((model / "MLmodel").read_text())["flavors"]["sklearn"]["pickled_model"])


def edit_flavors(model: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = yaml.safe_load((model / "MLmodel").read_text())
    change(content["flavors"])
    (model / "MLmodel").write_text(yaml.safe_dump(content))
