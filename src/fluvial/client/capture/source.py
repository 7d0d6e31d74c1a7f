"""Who runs what: user, host, source file or notebook, command line."""

from __future__ import annotations

import functools
import getpass
import os
import platform
import shlex
import sys
from pathlib import Path

from fluvial import __version__
from fluvial.client.capture.masking import mask_arguments
from fluvial.entities.run import USER_TAG

SOURCE_NAME_TAG = "mlflow.source.name"
SOURCE_TYPE_TAG = "mlflow.source.type"
HOST_TAG = "fluvial.host"
PLATFORM_TAG = "fluvial.platform"
PYTHON_TAG = "fluvial.python"
CLIENT_TAG = "fluvial.client"
COMMAND_TAG = "fluvial.command"

MAX_COMMAND_CHARS = 4000


@functools.cache
def user_name() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return str(os.getuid())


def source_tags() -> dict[str, str]:
    """Tags that say who runs what, by MLflow's names."""
    name, kind = _source()
    return {USER_TAG: user_name(), SOURCE_NAME_TAG: name, SOURCE_TYPE_TAG: kind}


def source_folder() -> Path:
    """The folder of what is running; the working folder of a notebook or a console."""
    name, _ = _source()
    script = Path(name)
    return script.resolve().parent if script.is_file() else Path.cwd()


@functools.cache
def machine_tags() -> dict[str, str]:
    """Tags that say on what it runs."""
    return {
        HOST_TAG: platform.node(),
        PLATFORM_TAG: f"{platform.system()} {platform.release()} {platform.machine()}",
        PYTHON_TAG: f"{platform.python_implementation()} {platform.python_version()}",
        CLIENT_TAG: f"fluvial {__version__}",
    }


def command_tags() -> dict[str, str]:
    """The command line, its secrets masked."""
    return {COMMAND_TAG: shlex.join(mask_arguments(sys.orig_argv))[:MAX_COMMAND_CHARS]}


def _source() -> tuple[str, str]:
    """Name and kind of what is running."""
    if "ipykernel" in sys.modules:
        # The first is Jupyter's, the second is what VS Code tells its kernels.
        main = vars(sys.modules["__main__"])
        return str(
            os.environ.get("JPY_SESSION_NAME") or main.get("__vsc_ipynb_file__", "notebook")
        ), "NOTEBOOK"
    script = sys.argv[0] if sys.argv else ""
    return script if script not in ("", "-c", "-m") else "<console>", "LOCAL"
