from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import cloudpickle
import pytest
import yaml

from fluvial.errors import InvalidRequest
from fluvial.models import code_files, environment, requirements


def pinned(name: str) -> str:
    return f"{name}=={version(name)}"


def test_a_model_needs_what_it_imports_and_the_lock_what_that_needs(tmp_path: Path) -> None:
    found = requirements.of_model(tmp_path, ["sklearn", "numpy", "json", "fluvial.models"])

    assert found.lines == (pinned("numpy"), pinned("scikit-learn"))
    locked = [str(package) for package in found.lock]
    assert locked == sorted(locked)
    assert {pinned("scipy"), pinned("threadpoolctl")} <= set(locked)


def test_code_inside_of_a_pickle_says_what_it_imports(tmp_path: Path) -> None:
    scope: dict[str, object] = {"__name__": "__main__"}
    exec("def f(x):\n    import yaml\n    return yaml.safe_load(x)", scope)  # noqa: S102
    (tmp_path / "python_model.pkl").write_bytes(cloudpickle.dumps(scope["f"]))

    found = requirements.of_model(tmp_path, requirements.modules_of_pickles(tmp_path))

    assert found.lines == (pinned("cloudpickle"), pinned("pyyaml"))


def test_what_the_user_says_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "limits.txt").write_text("numpy<3  # not yet\n")
    file = tmp_path / "wanted.txt"
    file.write_text("-c limits.txt\nscikit-learn>=1.5\nnot-installed-here==1.0\n")

    found = requirements.of_model(
        tmp_path, ["pandas"], pip_requirements=str(file), extra_pip_requirements=["rich"]
    )

    assert found.lines == ("scikit-learn>=1.5", "not-installed-here==1.0", "rich")
    assert found.constraints == ("numpy<3",)
    assert pinned("rich") in [str(package) for package in found.lock]


@pytest.mark.parametrize("line", ["numpy; rm -rf /", "--index-url http://x", "-e .", "$(id)"])
def test_a_line_that_is_no_requirement_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(InvalidRequest, match="is no requirement"):
        requirements.of_model(tmp_path, [], extra_pip_requirements=[line])


def test_mlflows_tools_and_the_lock_find_the_environment(tmp_path: Path) -> None:
    found = requirements.of_modules(["numpy"], extra=["rich"], constraints=["scipy<9"])

    env = environment.write(tmp_path, found, mlflow_version="3.17.2", python_version="3.11.7")

    assert env == {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    lines = (tmp_path / "requirements.txt").read_text().splitlines()
    assert lines == ["-c constraints.txt", "mlflow==3.17.2", pinned("numpy"), "rich"]
    conda = yaml.safe_load((tmp_path / "conda.yaml").read_text())
    assert conda["dependencies"][0] == "python=3.11.7"
    assert conda["dependencies"][-1] == {"pip": lines}
    lock = environment.read(tmp_path)
    assert lock.python == "3.11.7"
    assert lock.is_exact
    assert pinned("numpy") in lock.lines


def test_a_model_of_mlflow_is_rebuilt_from_what_it_names(tmp_path: Path) -> None:
    conda = {"dependencies": ["python=3.10.4", "pip<24", {"pip": ["mlflow==2.9.2", "numpy==1.26.4"]}]}
    (tmp_path / "conda.yaml").write_text(yaml.safe_dump(conda))

    lock = environment.read(tmp_path)

    assert (lock.python, lock.lines, lock.is_exact) == ("3.10.4", ("mlflow==2.9.2", "numpy==1.26.4"), False)


def test_code_of_ones_own_is_copied_with_what_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "work/own_package"
    (package / "parts").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "unused.py").write_text("import pandas")
    (package / "model.py").write_text("from .parts.layers import layer\nimport own_script, json, numpy\n")
    (package / "parts/__init__.py").touch()
    (package / "parts/layers.py").write_text(
        "def layer():\n    from own_package import late\n    import rich\n"
    )
    (package / "late.py").touch()
    (tmp_path / "work/own_script.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "work"), *sys.path])
    model = tmp_path / "model"
    model.mkdir()

    copied = code_files.copy(model, ["own_package.model", "sklearn"])

    assert copied == ("own_package", "own_script.py")
    kept = {file.relative_to(model / "code").as_posix() for file in model.rglob("*.py")}
    own = "own_package"
    inside = {f"{own}/{name}.py" for name in ("__init__", "model", "late", "parts/__init__", "parts/layers")}
    assert kept == inside | {"own_script.py"}
    found = requirements.of_model(model, ["own_package.model"])
    assert found.lines == (pinned("numpy"), pinned("rich"))
    assert found.missing == ()


def test_a_folder_of_code_is_copied_whole(tmp_path: Path) -> None:
    (tmp_path / "lib/__pycache__").mkdir(parents=True)
    (tmp_path / "lib/a.py").touch()
    (tmp_path / "lib/__pycache__/a.cpython-311.pyc").touch()
    (tmp_path / "model").mkdir()

    assert code_files.copy(tmp_path / "model", [], [tmp_path / "lib"]) == ("lib",)
    assert [file.name for file in (tmp_path / "model").rglob("*.*")] == ["a.py"]
    with pytest.raises(InvalidRequest, match="There is no code"):
        code_files.copy(tmp_path / "model", [], ["nowhere"])
