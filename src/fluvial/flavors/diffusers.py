"""Diffusers: pipelines, in its own folders with safetensors; nothing is fetched when one is loaded."""

from __future__ import annotations

import inspect
from typing import Any

import diffusers
import numpy as np
import torch

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "diffusers_model"
NAME = "pipeline"


def save(model: Any, saving: Saving) -> Saved:
    """Write a pipeline."""
    if not isinstance(model, diffusers.DiffusionPipeline):
        raise InvalidModel(f"{type(model).__name__} is no pipeline of Diffusers.")
    model.save_pretrained(saving.folder / NAME, safe_serialization=True)
    keys = {
        "diffusers_version": diffusers.__version__,
        "pipeline_class": type(model).__name__,
        "data": NAME,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={"data": NAME}, modules=("diffusers", "torch", "transformers"))


def load(loading: Loading) -> Any:
    """The pipeline, on the CPU; no code of the folder is run."""
    found = getattr(diffusers, str(loading.keys.get("pipeline_class")), None)
    if not inspect.isclass(found) or not issubclass(found, diffusers.DiffusionPipeline):
        raise InvalidModel(f"Diffusers has no pipeline {loading.keys.get('pipeline_class')!r}.")
    kind: Any = found
    folder = loading.folder / loading.keys.get("data", NAME)
    return kind.from_pretrained(folder, local_files_only=True, use_safetensors=True)


def predictor(model: Any, loading: Loading) -> Predict:
    """Images, shape (number, height, width, channels), from 0 to 1.

    The column `seed` has a row for each image; params are arguments of the pipeline.
    """
    del loading
    model.set_progress_bar_config(disable=True)

    def predict(data: Any, params: dict[str, Any]) -> Any:
        seeds = data["seed"].tolist()
        prompts = (
            {"prompt": data["prompt"].tolist()} if "prompt" in data.columns else {"batch_size": len(seeds)}
        )
        generators = [torch.Generator("cpu").manual_seed(int(seed)) for seed in seeds]
        return np.asarray(model(**prompts, generator=generators, output_type="np", **params).images)

    return predict
