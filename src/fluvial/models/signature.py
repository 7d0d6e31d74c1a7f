"""A model's signature: the schemas of its inputs and outputs, and its params."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fluvial.errors import InvalidRequest
from fluvial.models.params import ParamSchema
from fluvial.models.schema import Schema


class ModelSignature:
    """What a model takes and gives.

    Args:
        inputs: Schema of the data.
        outputs: Schema of the predictions.
        params: What a prediction can be told beside the data.

    Raises:
        InvalidRequest: None of them is given, or one is something else.
    """

    def __init__(
        self,
        inputs: Schema | None = None,
        outputs: Schema | None = None,
        params: ParamSchema | None = None,
    ) -> None:
        if inputs is None and outputs is None and params is None:
            raise InvalidRequest("A signature has inputs, outputs or params.")
        for name, given, kind in (
            ("inputs", inputs, Schema),
            ("outputs", outputs, Schema),
            ("params", params, ParamSchema),
        ):
            if given is not None and not isinstance(given, kind):
                raise InvalidRequest(
                    f"The {name} of a signature are a {kind.__name__}, not {type(given).__name__}. "
                    "fluvial.models.infer_signature makes a signature from data."
                )
        self.inputs = inputs
        self.outputs = outputs
        self.params = params

    def to_dict(self) -> dict[str, str | None]:
        """As in the MLmodel file: each a JSON text."""
        return {
            name: None if part is None else part.to_json()
            for name, part in (("inputs", self.inputs), ("outputs", self.outputs), ("params", self.params))
        }

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> ModelSignature:
        """The signature of an MLmodel file.

        Raises:
            InvalidModel: It is none.
        """
        inputs, outputs, params = (entry.get(name) for name in ("inputs", "outputs", "params"))
        return cls(
            Schema.from_json(inputs) if inputs else None,
            Schema.from_json(outputs) if outputs else None,
            ParamSchema.from_json(params) if params else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelSignature) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(tuple(self.to_dict().values()))

    def __repr__(self) -> str:
        return f"inputs:\n  {self.inputs}\noutputs:\n  {self.outputs}\nparams:\n  {self.params}\n"
