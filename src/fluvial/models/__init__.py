"""Models as folders: saved once with everything that it takes to run them anywhere, checked before use."""

from __future__ import annotations

import importlib
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.models.from_code import set_model as set_model
    from fluvial.models.infer import infer_signature as infer_signature
    from fluvial.models.mlmodel import Model as Model
    from fluvial.models.saving import set_signature as set_signature
    from fluvial.models.signature import ModelSignature as ModelSignature

# Public names by the module that has them, each loaded when it is first used: few need pandas or YAML.
_NAMES = {
    "Model": "fluvial.models.mlmodel",
    "ModelSignature": "fluvial.models.signature",
    "infer_signature": "fluvial.models.infer",
    "set_model": "fluvial.models.from_code",
    "set_signature": "fluvial.models.saving",
}


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'fluvial.models' has no attribute {name!r}")
