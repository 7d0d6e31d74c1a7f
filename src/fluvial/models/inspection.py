"""What can be said of a model without loading it: its parts, and how far they can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidRequest, ModelDamaged, UntrustedModel
from fluvial.models import environment, manifest, pickles, provenance, signing
from fluvial.models.mlmodel import Model
from fluvial.models.pickles import PickleScan
from fluvial.models.signing import Signature, Trusted


class Inspection(Struct, frozen=True, kw_only=True):
    """What a model is.

    Attributes:
        name: Of the logged model; empty where it has none.
        model_id: Its id; empty where it was only saved.
        run_id: The run that made it.
        created: When, as text.
        mlflow_version: Whose form its files have.
        flavors: What can load it.
        inputs: Its schema of inputs, as texts.
        outputs: Of outputs.
        params: Of params.
        has_example: Whether there is an input example.
        files: Its files and their digests.
        manifest: `valid`, `none`, or what is wrong.
        signature: Who signed it; None where nobody did, or nobody that is trusted.
        is_signed: Whether there is a signature at all.
        signature_problem: What is wrong with it.
        pickles: What its pickles would do.
        python: The version of Python that it asks for.
        environment_source: The file that says what it needs; empty for none.
        packages: What it needs.
        provenance: Where it comes from, as in-toto's statement has it; None where nothing says so.
    """

    name: str
    model_id: str
    run_id: str
    created: str
    mlflow_version: str
    flavors: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    params: tuple[str, ...]
    has_example: bool
    files: tuple[manifest.FileDigest, ...]
    manifest: str
    signature: Signature | None
    is_signed: bool
    signature_problem: str
    pickles: tuple[PickleScan, ...]
    python: str
    environment_source: str
    packages: tuple[str, ...]
    provenance: dict[str, Any] | None

    @property
    def size_bytes(self) -> int:
        """Length of all files."""
        return sum(file.size_bytes for file in self.files)


def inspect(folder: Path, trusted: Trusted) -> Inspection:
    """What a model is; nothing of it is loaded.

    Args:
        folder: The model.
        trusted: Whose signatures count.

    Raises:
        InvalidModel: There is no model in the folder.
        ModelDamaged: It holds links.
    """
    model = Model.load(folder)
    signature = model.signature
    problem, signer = "", None
    try:
        signer = signing.who_signed(folder, trusted)
    except (ModelDamaged, UntrustedModel) as error:
        problem = str(error)
    is_signed = (folder / manifest.SIGNATURE_FILE).exists()
    needs = _environment(folder)
    return Inspection(
        name=model.artifact_path or "",
        model_id=model.model_id or "",
        run_id=model.run_id or "",
        created=model.utc_time_created,
        mlflow_version=model.mlflow_version or "",
        flavors=tuple(model.flavors),
        inputs=_specs(signature.inputs if signature else None),
        outputs=_specs(signature.outputs if signature else None),
        params=_specs(signature.params if signature else None),
        has_example=model.saved_input_example_info is not None,
        files=manifest.of_folder(folder).files,
        manifest=_state_of_manifest(folder),
        signature=signer,
        is_signed=is_signed,
        signature_problem=problem if is_signed else "",
        pickles=pickles.scan(folder, model.flavors),
        python=needs.python if needs else "",
        environment_source=needs.source if needs else "",
        packages=needs.lines if needs else (),
        provenance=provenance.read(folder),
    )


def _specs(schema: Any) -> tuple[str, ...]:
    return () if schema is None else tuple(str(spec) for spec in schema)


def _state_of_manifest(folder: Path) -> str:
    try:
        return "none" if manifest.check(folder) is None else "valid"
    except ModelDamaged as error:
        return str(error)


def _environment(folder: Path) -> environment.Lock | None:
    try:
        return environment.read(folder)
    except InvalidRequest:
        return None  # it says nothing about what it needs
