"""fluvial: track experiments, package models, serve and watch them.

Every public name is loaded when it is first used, so that `import fluvial` costs a training script
nothing. Each of the modules below says in `__all__` what it adds.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # type checkers know this name; `typing` takes longer to load than all of this
if TYPE_CHECKING:
    from fluvial import artifacts as artifacts
    from fluvial import data as data
    from fluvial import entities as entities
    from fluvial import errors as errors
    from fluvial import exceptions as exceptions
    from fluvial import tracking as tracking
    from fluvial import ui as ui
    from fluvial.client.active_run import *  # noqa: F403
    from fluvial.client.client import *  # noqa: F403
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

__version__ = "0.1.0"

_SUBMODULES = (
    "artifacts",
    "data",
    "entities",
    "errors",
    "exceptions",
    "flavors",
    "models",
    "tracking",
    "types",
    "ui",
)
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

    def __getattr__(name):
        if name in _SUBMODULES:
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
    return sorted({*globals(), *names, *_SUBMODULES})
