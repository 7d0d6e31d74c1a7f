"""Transformers: pipelines, in its own folders with safetensors; nothing is fetched when one is loaded.

Adapters of PEFT are saved with the model that they adapt.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import transformers

from fluvial.errors import InvalidInput, InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "transformers_model"
MODEL = "model"
ADAPTER = "peft"
COMPONENTS = "components"
_LOCAL = {"local_files_only": True, "trust_remote_code": False}
_PARTS = ("tokenizer", "feature_extractor", "image_processor", "processor")


def save(model: Any, saving: Saving, *, task: str | None = None) -> Saved:
    """Write a pipeline.

    Args:
        model: A pipeline, or a dict of `model` and its `tokenizer` or other parts.
        saving: Where to.
        task: What it is for, such as `text-classification`; needed for a dict.
    """
    if isinstance(model, dict):
        if task is None:
            raise InvalidModel(
                "The parts of a pipeline do not say its task: give task='text-classification'."
            )
        model = transformers.pipeline(task, **model)
    if not isinstance(model, transformers.Pipeline):
        raise InvalidModel(f"{type(model).__name__} is no pipeline of Transformers.")
    network, adapter = model.model, None
    if hasattr(network, "get_base_model"):
        adapter, network = network, network.get_base_model()
        network.save_pretrained(saving.folder / MODEL, state_dict=_without_adapter(adapter))
    else:
        network.save_pretrained(saving.folder / MODEL)
    kept = {}
    for part in _PARTS:
        found = getattr(model, part, None)
        if found is not None:
            found.save_pretrained(saving.folder / COMPONENTS / part)
            kept[part] = type(found).__name__
    if adapter is not None:
        adapter.save_pretrained(saving.folder / ADAPTER)
    keys = {
        "transformers_version": transformers.__version__,
        "task": model.task,
        "instance_type": type(model).__name__,
        "framework": "pt",
        "pipeline_model_type": type(network).__name__,
        "model_binary": MODEL,
        "components": list(kept),
        **{f"{part}_type": name for part, name in kept.items()},
        **({"peft_adaptor": ADAPTER} if adapter is not None else {}),
        "code": None,
    }
    needs = ("peft",) if adapter is not None else ()
    return Saved(keys=keys, pyfunc={"task": model.task}, modules=("transformers", "torch", *needs))


def load(loading: Loading, *, device: Any = None) -> Any:
    """The pipeline.

    Args:
        loading: Where it is.
        device: What it runs on; the CPU where it is not given.
    """
    keys, folder = loading.keys, loading.folder
    found = getattr(transformers, str(keys.get("pipeline_model_type")), None)
    if not inspect.isclass(found) or not issubclass(found, transformers.PreTrainedModel):
        raise InvalidModel(f"Transformers has no model {keys.get('pipeline_model_type')!r}.")
    kind: Any = found
    local: dict[str, Any] = {**_LOCAL}
    if keys.get("peft_adaptor"):  # MLflow keeps weights that are adapted by the names that PEFT gives them
        local["key_mapping"] = {r"\.base_layer\.": "."}
    network = kind.from_pretrained(
        folder / str(keys.get("model_binary", MODEL)), use_safetensors=True, **local
    )
    if keys.get("peft_adaptor"):
        peft = importlib.import_module("peft")
        network = peft.PeftModel.from_pretrained(network, str(folder / str(keys["peft_adaptor"]))).eval()
    parts = {
        part: _automatic(part).from_pretrained(folder / COMPONENTS / part, **_LOCAL)
        for part in keys.get("components") or ()
        if part in _PARTS
    }
    return transformers.pipeline(str(keys["task"]), model=network, device=device or "cpu", **parts)


def predictor(model: Any, loading: Loading) -> Predict:
    """What the pipeline says of each text, or other input, in the only column; params are its arguments."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        if hasattr(data, "iloc"):
            if len(data.columns) != 1:
                raise InvalidInput("The pipeline takes a frame with one column.")
            data = data.iloc[:, 0].tolist()
        return model(data, **params)

    return predict


def _without_adapter(adapter: Any) -> dict[str, Any]:
    """The weights of the model that is adapted, by their own names; the model stays as it is."""
    prefix = getattr(adapter.base_model, "prefix", "lora_")
    return {
        name.replace(".base_layer.", ".").replace(".original_module.", "."): weight
        for name, weight in adapter.get_base_model().state_dict().items()
        if prefix not in name and ".modules_to_save." not in name
    }


def _automatic(part: str) -> Any:
    kinds = {
        "tokenizer": transformers.AutoTokenizer,
        "feature_extractor": transformers.AutoFeatureExtractor,
        "image_processor": transformers.AutoImageProcessor,
        "processor": transformers.AutoProcessor,
    }
    return kinds[part]
