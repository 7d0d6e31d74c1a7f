"""`fluvial.sklearn` and its relatives: the same three functions for every flavor, found by its name."""

from __future__ import annotations

import os
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluvial import flavors
from fluvial.client.models import LoggedModelInfo, RunOptions, local_folder, log, save, trust
from fluvial.errors import InvalidRequest
from fluvial.models import loading, saving
from fluvial.models.arguments import among
from fluvial.models.mlmodel import Model
from fluvial.models.saving import Options
from fluvial.models.signature import ModelSignature


class FlavorModule(types.ModuleType):
    """The public functions of a flavor.

    Args:
        name: Of the flavor.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"fluvial.{name}", f"Models of the flavor {name}: save, log and load them.")
        self._flavor = name

    def save_model(
        self,
        model: Any = None,
        path: str | os.PathLike[str] | None = None,
        *,
        signature: ModelSignature | bool | None = None,
        input_example: Any = None,
        metadata: Mapping[str, Any] | None = None,
        pip_requirements: Sequence[str] | str | None = None,
        extra_pip_requirements: Sequence[str] | str = (),
        infer_requirements: bool = False,
        code_paths: Sequence[str | os.PathLike[str]] | None = None,
        allow_pickle: bool = False,
        **options: Any,
    ) -> Model:
        """Save a model as a folder.

        Args:
            model: As its framework has it; also by MLflow's name for it, such as `sk_model`.
            path: The folder, which does not exist yet.
            signature: What the model takes and gives; by default what the input example shows.
            input_example: Data that it takes, or a pair of data and params.
            metadata: Whatever there is to say.
            pip_requirements: What it needs, instead of what is found out.
            extra_pip_requirements: What it needs beside that.
            infer_requirements: Load it in a fresh interpreter to see what it imports, which takes seconds.
            code_paths: Files and folders of code that it needs.
            allow_pickle: Keep it as a pickle if there is nothing safer; it is then loaded so only.
            options: Of the flavor.

        Returns:
            What its MLmodel file says.

        Raises:
            InvalidModel: It is no model of this flavor.
            InvalidRequest: The folder is there already.
            UntrustedModel: It could only be pickled, and that is not allowed.
        """
        said = locals()
        if path is None:
            raise InvalidRequest("save_model needs a path: the folder to save the model in.")
        return save(Path(path), self._write(model, options), among(Options, said))

    def log_model(
        self,
        model: Any = None,
        name: str | None = None,
        *,
        artifact_path: str | None = None,
        registered_model_name: str | None = None,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        model_type: str | None = None,
        step: int = 0,
        run_id: str | None = None,
        signature: ModelSignature | bool | None = None,
        input_example: Any = None,
        metadata: Mapping[str, Any] | None = None,
        pip_requirements: Sequence[str] | str | None = None,
        extra_pip_requirements: Sequence[str] | str = (),
        infer_requirements: bool = False,
        code_paths: Sequence[str | os.PathLike[str]] | None = None,
        allow_pickle: bool = False,
        **options: Any,
    ) -> LoggedModelInfo:
        """Save a model with the tracking server, as an output of the active run.

        Args:
            model: As its framework has it; also by MLflow's name for it, such as `sk_model`.
            name: For people.
            artifact_path: The same, as it was called before.
            registered_model_name: Registered model to make it a version of.
            params: Of the logged model, such as how it was trained.
            tags: Of the logged model.
            model_type: What kind of model it is, for people.
            step: Training step that it is of.
            run_id: Another run than the active one; without any, a run is begun.
            signature: What the model takes and gives; by default what the input example shows.
            input_example: Data that it takes, or a pair of data and params.
            metadata: Whatever there is to say.
            pip_requirements: What it needs, instead of what is found out.
            extra_pip_requirements: What it needs beside that.
            infer_requirements: Load it in a fresh interpreter to see what it imports, which takes seconds.
            code_paths: Files and folders of code that it needs.
            allow_pickle: Keep it as a pickle if there is nothing safer; it is then loaded so only.
            options: Of the flavor.

        Returns:
            Its id, its URI, and what its MLmodel file says.

        Raises:
            InvalidModel: It is no model of this flavor.
            UntrustedModel: It could only be pickled, and that is not allowed.
            RequestError: What the server answered.
        """
        said = {**locals(), "name": name or artifact_path}
        return log(self._write(model, options), among(RunOptions, said), among(Options, said))

    def load_model(
        self,
        model_uri: str | os.PathLike[str],
        *,
        allow_pickle: bool = False,
        trusted: Sequence[str] = (),
        dst_path: str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> Any:
        """A model as its framework has it.

        Args:
            model_uri: As of `fluvial.pyfunc.load_model`.
            allow_pickle: Load pickles of it, which runs what is in them.
            trusted: Names of types that may be made, beside the framework's own.
            dst_path: Folder to copy it to; a temporary one where it is not given.
            options: Of the flavor.

        Raises:
            NotFound: There is no such model.
            InvalidModel: It is of another flavor, or cannot be read.
            UntrustedModel: It would run code, or make types that nobody trusts.
            MissingExtra: The framework is not installed.
        """
        folder = local_folder(model_uri, dst_path)
        return loading.load_flavor(self._flavor, folder, trust(allow_pickle, trusted), options)

    def _write(self, model: Any, options: dict[str, Any]) -> saving.Write:
        if model is None:
            argument = flavors.find(self._flavor).ARGUMENT
            model = options.pop(argument, None)
            if model is None:
                raise InvalidRequest(f"There is no model: give it as the first argument, or as {argument}.")
        return saving.of_flavor(self._flavor, model, options)
