"""The file `MLmodel`: what a model is, in MLflow's YAML."""

from __future__ import annotations

import datetime as dt
import importlib
import uuid
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidModel, MissingExtra
from fluvial.models.signature import ModelSignature

FILE = "MLmodel"
PYFUNC = "python_function"
# The version of MLflow whose form this is: its tools compare it with their own.
FORMAT_VERSION = "3.17.2"

_KNOWN = frozenset(
    "artifact_path run_id model_id model_uuid utc_time_created mlflow_version flavors signature "
    "is_signature_from_type_hint type_hint_from_example saved_input_example_info metadata "
    "model_size_bytes".split()
)


class Model:
    """What is known of a model without loading it.

    Args:
        flavors: The keys of each flavor, by its name; `python_function` too where it predicts.
        signature: What it takes and gives.
        model_id: Of the logged model that it is, if it is one.
        run_id: The run that made it.
        artifact_path: Name of the logged model.
        saved_input_example_info: Where its input example is, and in which form.
        is_signature_from_type_hint: Whether `predict` has type hints that the signature was made from.
        metadata: Whatever its maker wrote.
        model_size_bytes: Length of its files.
        utc_time_created: When, as text.
        model_uuid: Its own id.
        mlflow_version: Whose form the file has.
        more: Keys of the file that have no meaning here; kept as they are.
    """

    def __init__(
        self,
        *,
        flavors: dict[str, dict[str, Any]] | None = None,
        signature: ModelSignature | None = None,
        model_id: str | None = None,
        run_id: str | None = None,
        artifact_path: str | None = None,
        saved_input_example_info: dict[str, Any] | None = None,
        is_signature_from_type_hint: bool = False,
        metadata: dict[str, Any] | None = None,
        model_size_bytes: int | None = None,
        utc_time_created: str | None = None,
        model_uuid: str | None = None,
        mlflow_version: str | None = FORMAT_VERSION,
        more: dict[str, Any] | None = None,
    ) -> None:
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        self.flavors = flavors or {}
        self.signature = signature
        self.model_id = model_id
        self.run_id = run_id
        self.artifact_path = artifact_path
        self.saved_input_example_info = saved_input_example_info
        self.is_signature_from_type_hint = is_signature_from_type_hint
        self.metadata = metadata
        self.model_size_bytes = model_size_bytes
        self.utc_time_created = utc_time_created or now.isoformat(sep=" ", timespec="microseconds")
        self.model_uuid = model_uuid or uuid.uuid4().hex
        self.mlflow_version = mlflow_version
        self.more = more or {}

    @property
    def pyfunc(self) -> dict[str, Any]:
        """The keys of `python_function`.

        Raises:
            InvalidModel: It has none, and so does not predict.
        """
        if PYFUNC not in self.flavors:
            raise InvalidModel(
                f"This model has no {PYFUNC} flavor, so that it predicts only as its framework does: load it "
                f"with load_model of {' or '.join(f'fluvial.{flavor}' for flavor in self.flavors)}."
            )
        return self.flavors[PYFUNC]

    def set_code(self, folder: str | None) -> None:
        """Say in which folder the code is that the model brings; None for no code."""
        for keys in self.flavors.values():
            if "code" in keys:
                keys["code"] = folder

    def to_dict(self) -> dict[str, Any]:
        """What the file holds."""
        content: dict[str, Any] = {
            **self.more,
            "flavors": self.flavors,
            "utc_time_created": self.utc_time_created,
            "model_uuid": self.model_uuid,
            "model_id": self.model_id,
            "mlflow_version": self.mlflow_version,
            "model_size_bytes": self.model_size_bytes,
        }
        if self.signature is not None:
            content["signature"] = self.signature.to_dict()
            content["is_signature_from_type_hint"] = self.is_signature_from_type_hint
        for name in ("artifact_path", "run_id", "saved_input_example_info", "metadata"):
            if (value := getattr(self, name)) is not None:
                content[name] = value
        return content

    def save(self, folder: Path) -> None:
        """Write the file."""
        yaml = _yaml()
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text = yaml.dump(self.to_dict(), Dumper=dumper, sort_keys=True, allow_unicode=True)
        (folder / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read the file in a model's folder.

        Raises:
            InvalidModel: There is none, or it cannot be read.
        """
        file = folder / FILE if folder.is_dir() else folder
        if not file.is_file():
            raise InvalidModel(f"There is no model in {folder}: it has no file {FILE}.")
        return cls.from_yaml(file.read_text(encoding="utf-8"), str(file))

    @classmethod
    def from_yaml(cls, text: str, name: str = FILE) -> Model:
        """Read what a file holds.

        Raises:
            InvalidModel: It is no MLmodel file.
        """
        yaml = _yaml()
        try:
            content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError as error:
            raise InvalidModel(f"{name} cannot be read: {error}") from error
        if not isinstance(content, dict) or not isinstance(content.get("flavors"), dict):
            raise InvalidModel(f"{name} is no MLmodel file: it names no flavors.")
        signature = content.get("signature")
        has_signature = isinstance(signature, dict) and any(signature.values())
        return cls(
            flavors={str(flavor): dict(keys or {}) for flavor, keys in content["flavors"].items()},
            signature=ModelSignature.from_dict(signature) if has_signature and signature else None,
            model_id=content.get("model_id"),
            run_id=content.get("run_id"),
            artifact_path=content.get("artifact_path"),
            saved_input_example_info=content.get("saved_input_example_info"),
            is_signature_from_type_hint=bool(content.get("is_signature_from_type_hint")),
            metadata=content.get("metadata"),
            model_size_bytes=content.get("model_size_bytes"),
            utc_time_created=str(content.get("utc_time_created") or ""),
            model_uuid=content.get("model_uuid"),
            mlflow_version=content.get("mlflow_version"),
            more={key: value for key, value in content.items() if key not in _KNOWN},
        )


def _yaml() -> Any:
    try:
        return importlib.import_module("yaml")
    except ModuleNotFoundError as error:
        raise MissingExtra("A model's MLmodel file", "models") from error
