"""fluvial: track experiments, package models, serve and watch them.

Every public name is loaded when it is first used, so that `import fluvial` costs a training script
nothing. Each of the modules below says in `__all__` what it adds.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import sys

TYPE_CHECKING = False  # type checkers know this name; `typing` takes longer to load than all of this
if TYPE_CHECKING:
    from fluvial import artifacts as artifacts
    from fluvial import data as data
    from fluvial import entities as entities
    from fluvial import errors as errors
    from fluvial import exceptions as exceptions
    from fluvial import models as models
    from fluvial import pyfunc as pyfunc
    from fluvial import tracking as tracking
    from fluvial import types as types
    from fluvial import ui as ui
    from fluvial.client.active_run import *  # noqa: F403
    from fluvial.client.client import *  # noqa: F403
    from fluvial.client.flavor_module import FlavorModule
    from fluvial.client.fluent import *  # noqa: F403
    from fluvial.client.fluent_files import *  # noqa: F403
    from fluvial.client.fluent_values import *  # noqa: F403
    from fluvial.client.forks import *  # noqa: F403
    from fluvial.client.histogram import *  # noqa: F403
    from fluvial.client.image import *  # noqa: F403
    from fluvial.client.media import *  # noqa: F403
    from fluvial.client.progress import *  # noqa: F403
    from fluvial.client.queries import *  # noqa: F403
    from fluvial.client.registered import *  # noqa: F403
    from fluvial.client.registry import *  # noqa: F403
    from fluvial.client.resume import *  # noqa: F403
    from fluvial.client.runs import *  # noqa: F403
    from fluvial.client.system_metrics import *  # noqa: F403
    from fluvial.client.track import *  # noqa: F403
    from fluvial.exceptions import *  # noqa: F403

    catboost: FlavorModule
    diffusers: FlavorModule
    h2o: FlavorModule
    keras: FlavorModule
    lightgbm: FlavorModule
    onnx: FlavorModule
    pmdarima: FlavorModule
    prophet: FlavorModule
    pytorch: FlavorModule
    sentence_transformers: FlavorModule
    shap: FlavorModule
    sklearn: FlavorModule
    spacy: FlavorModule
    spark: FlavorModule
    statsmodels: FlavorModule
    transformers: FlavorModule
    xgboost: FlavorModule


__version__ = "0.1.0"

_SUBMODULES = (
    "artifacts",
    "data",
    "entities",
    "errors",
    "exceptions",
    "flavors",
    "models",
    "pyfunc",
    "tracking",
    "types",
    "ui",
)
_FLAVORS = os.path.join(os.path.dirname(__file__), "flavors")  # noqa: PTH118, PTH120  pathlib loads slowly
_MODULES = (
    "fluvial.client.fluent",
    "fluvial.client.fluent_files",
    "fluvial.client.queries",
    "fluvial.client.client",
    "fluvial.client.active_run",
    "fluvial.client.runs",
    "fluvial.client.image",
    "fluvial.exceptions",
    "fluvial.client.fluent_values",
    "fluvial.client.registry",
    "fluvial.client.registered",
    "fluvial.client.histogram",
    "fluvial.client.media",
    "fluvial.client.progress",
    "fluvial.client.resume",
    "fluvial.client.forks",
    "fluvial.client.track",
    "fluvial.client.system_metrics",
)

if not TYPE_CHECKING:

    class _FlavorFinder:
        """Makes `import fluvial.sklearn` work for whatever is in the folder of flavors."""

        @staticmethod
        def find_spec(name, path=None, target=None):  # noqa: ARG004
            package, _, flavor = name.rpartition(".")
            if package == "fluvial" and _is_flavor(flavor):
                return importlib.machinery.ModuleSpec(name, _FlavorFinder)
            return None

        @staticmethod
        def create_module(spec):
            module = importlib.import_module("fluvial.client.flavor_module")
            return module.FlavorModule(spec.name.rpartition(".")[2])

        @staticmethod
        def exec_module(module):
            """There is nothing to run: the module is complete."""

    sys.meta_path.append(_FlavorFinder)

    def _is_flavor(name):
        is_name = name.isidentifier() and not name.startswith("_")
        return is_name and os.path.exists(os.path.join(_FLAVORS, f"{name}.py"))  # noqa: PTH110, PTH118

    def __getattr__(name):
        if name in _SUBMODULES or _is_flavor(name):
            return importlib.import_module(f"fluvial.{name}")
        if not name.startswith("_"):
            for path in _MODULES:
                module = importlib.import_module(path)
                if name in module.__all__:
                    globals()[name] = found = getattr(module, name)
                    return found
        raise AttributeError(f"module 'fluvial' has no attribute {name!r}")


def __dir__() -> list[str]:
    names = [name for path in _MODULES for name in importlib.import_module(path).__all__]
    flavors = {file.removesuffix(".py") for file in os.listdir(_FLAVORS) if not file.startswith("_")}  # noqa: PTH208
    return sorted({*globals(), *names, *_SUBMODULES, *flavors})
