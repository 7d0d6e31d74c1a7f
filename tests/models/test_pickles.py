from __future__ import annotations

import collections
import datetime
import functools
import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import cloudpickle
import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from fluvial.errors import UntrustedModel
from fluvial.models import pickles
from fluvial.models.pickle_machine import Machine
from fluvial.models.pickle_notes import Findings


def scanned(folder: Path) -> pickles.PickleScan:
    (scan,) = pickles.scan(folder)
    return scan


def trained() -> Any:
    features = np.random.default_rng(0).normal(size=(40, 3))
    model = make_pipeline(StandardScaler(), FunctionTransformer(np.abs), RandomForestClassifier(3))
    return model.fit(features, features[:, 0] > 0)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_scikit_learn_model_is_seen_as_what_it_imports(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(trained(), protocol))

    scan = scanned(tmp_path)

    assert scan.reasons == ()
    assert "sklearn.ensemble._forest.RandomForestClassifier" in scan.globals
    assert not scan.has_code


@pytest.mark.parametrize("compress", [0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)])
def test_arrays_between_the_opcodes_of_joblib_are_stepped_over(tmp_path: Path, compress: Any) -> None:
    arrays = {
        "floats": np.ones((7, 3)),
        "texts": np.array(["a", "bc"]),
        "objects": np.array([{"a": 1}, None], dtype=object),
        "fields": np.zeros(3, dtype=[("x", "f4"), ("y", "i8")]),
        "field of objects": np.zeros(3, dtype=[("x", "f4"), ("y", "O")]),
        "empty": np.zeros((0, 4)),
    }
    joblib.dump((trained(), arrays, datetime.date(2026, 1, 1)), tmp_path / "model", compress=compress)

    scan = scanned(tmp_path)

    assert scan.reasons == ()
    assert "datetime.date" in scan.globals


def test_a_payload_among_the_objects_of_a_joblib_array_is_found(tmp_path: Path) -> None:
    joblib.dump(np.array([Runs("id")], dtype=object), tmp_path / "model.joblib")

    assert "posix.system" in str(scanned(tmp_path).reasons)


def test_code_by_cloudpickle_is_reported_with_what_it_imports(tmp_path: Path) -> None:
    source = "def shout(x):\n    import statistics\n    return np.mean(x) + statistics.mean(x)\n"
    scope: dict[str, Any] = {"np": np, "__name__": "__main__"}
    exec(source, scope)  # noqa: S102 - a function that cloudpickle keeps by its code
    (tmp_path / "model.pkl").write_bytes(cloudpickle.dumps(scope["shout"]))

    scan = scanned(tmp_path)

    assert scan.reasons == ()
    assert scan.has_code
    assert {"numpy", "statistics"} <= set(scan.modules)


def test_files_that_are_no_pickles_are_left_alone(tmp_path: Path) -> None:
    header = b'{"a":1}'.ljust(0x380)
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (tmp_path / "weights.bin").write_bytes(b"\x80\x03" + bytes(100))
    (tmp_path / "notes.txt").write_text("x\x9c is how zlib begins")
    np.save(tmp_path / "numbers.npy", np.ones(4))

    assert pickles.scan(tmp_path) == ()


def test_pickles_within_archives_and_arrays_are_found(tmp_path: Path) -> None:
    np.savez(tmp_path / "arrays.npz", objects=np.array([Runs("id")], dtype=object), numbers=np.ones(3))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("weights/data.pkl", pickle.dumps(Runs("id"), 2))
    with zipfile.ZipFile(tmp_path / "model.bin", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())

    scans = pickles.scan(tmp_path)

    assert [scan.path for scan in scans] == ["arrays.npz!objects.npy", "model.bin!inner.zip!weights/data.pkl"]
    assert all(scan.reasons for scan in scans)


class Runs:
    """Pickled, it runs a command when it is loaded."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.system, (self.command,)


def short(text: str) -> bytes:
    return b"\x8c" + bytes([len(text)]) + text.encode()


def calling(module: str, name: str, argument: str) -> bytes:
    return b"\x80\x04" + short(module) + short(name) + b"\x93" + short(argument) + b"\x85R."


def named(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


CLONE = named("sklearn.base", "clone")
GETATTR = named("builtins", "getattr")
ATTACKS = {
    "system": calling("os", "system", "id"),
    "its other name": calling("posix", "system", "id"),
    "eval": calling("builtins", "eval", "1"),
    "Python 2's names": named("__builtin__", "eval") + b"(S'1'\ntR.",
    "commands": named("commands", "getoutput") + b"(S'id'\ntR.",
    "INST": b"(S'id'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'id'\no.",
    "through another module": calling("logging", "os.system", "id"),
    "through a third party's module": calling("sklearn.utils.fixes", "os.system", "id"),
    "a class through another module": calling("sklearn.utils.fixes", "Popen", "id"),
    "dunders": calling("sklearn.base", "BaseEstimator.__init__.__globals__", "id"),
    "from the memo": b"\x80\x04%b\x940%b\x940h\x00h\x01\x93%b\x85R."
    % (short("os"), short("system"), short("id")),
    "what nobody thought of": calling("_osx_support", "_find_build_tool", "id"),
    "numpy's test tool": calling("numpy.testing._private.utils", "runstring", "id"),
    "numpy's reader": calling("numpy", "load", "x.npy"),
    "another pickle": calling("joblib", "load", "x.pkl"),
    "torch's reader of bytes": calling("torch.storage", "_load_from_bytes", "x"),
    "pip": calling("pip._internal.cli.main", "main", "install"),
    "an attribute": b"\x80\x04" + GETATTR + CLONE + short("__globals__") + b"\x86R.",
    "what an attribute is": b"\x80\x04"
    + GETATTR
    + CLONE
    + short("name")
    + b"\x86R"
    + short("id")
    + b"\x85R.",
    "a bound call": b"\x80\x04" + named("functools", "partial") + CLONE + b"\x85R)R.",
    "a class changed": b"\x80\x04" + named("sklearn.base", "BaseEstimator") + b"}" + short("fit") + b"Nsb.",
    "a class made": b"\x80\x04" + named("builtins", "type") + short("A") + b")}\x87R.",
    "an extension": b"\x80\x02\x82\x01.",
    "much memory": b"\x80\x04" + named("builtins", "bytearray") + b"L99999999999999L\n\x85R.",
    "an array of much memory": b"\x80\x04" + named("numpy", "zeros") + b"L99999999999999L\n\x85R.",
    "broken after the payload": calling("os", "system", "id")[:-1] + b"\xff\xff",
    "a second pickle": pickle.dumps(1) + calling("os", "system", "id"),
    "a module's name made on the way": b"\x80\x04%b%b\x85R%b\x93."
    % (named("builtins", "str"), short("os"), short("system")),
    "an endless length": b"\x80\x04\x8e" + (2**62).to_bytes(8, "little") + b"a.",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_would_do_harm_is_refused_even_where_pickles_are_allowed(tmp_path: Path, attack: bytes) -> None:
    (tmp_path / "model.pkl").write_bytes(attack)

    with pytest.raises(UntrustedModel, match="was not loaded") as refused:
        pickles.check(tmp_path, {}, allow_pickle=True)

    assert refused.value.reasons[0].startswith("model.pkl: ")


def test_a_pickle_that_a_flavor_names_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "weights.txt").write_bytes(ATTACKS["Python 2's names"])

    assert pickles.check(tmp_path, {}, allow_pickle=True) == ()
    with pytest.raises(UntrustedModel):
        pickles.check(tmp_path, {"sklearn": {"pickled_model": "weights.txt"}}, allow_pickle=True)


def test_a_harmless_pickle_is_loaded_only_where_that_is_allowed(tmp_path: Path) -> None:
    value = collections.OrderedDict(a=functools.partial(max, 1))
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(value))

    with pytest.raises(UntrustedModel, match=r"collections\.OrderedDict"):
        pickles.check(tmp_path, {}, allow_pickle=False)
    assert len(pickles.check(tmp_path, {}, allow_pickle=True)) == 1


def values() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    return st.recursive(
        leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner)
    )


@given(value=values(), protocol=st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_any_value_is_walked_to_its_end(value: Any, protocol: int) -> None:
    packed = io.BytesIO(pickle.dumps(value, protocol))

    Machine(packed, Findings()).run()

    assert packed.read() == b""


@given(damaged=st.binary(max_size=200))
def test_damaged_bytes_are_never_an_error_of_the_scan(
    damaged: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "model.pkl"
    file.write_bytes(b"\x80\x04" + damaged)

    pickles.scan_file(file, "model.pkl")


def test_texts_that_a_flavor_names_are_no_pickles(tmp_path: Path) -> None:
    (tmp_path / "conda.yaml").write_text("channels:\n- conda-forge\ndependencies:\n- pip\n")
    (tmp_path / "python_env.yaml").write_text("python: 3.11.7\n")
    (tmp_path / "none.txt").write_text("N.")
    with zipfile.ZipFile(tmp_path / "model.skops", "w") as archive:
        archive.writestr("schema.json", "{}")
    named = [file.name for file in tmp_path.iterdir()]

    assert pickles.scan(tmp_path, {"any": {"files": named}}) == ()
