"""MLflow's names of errors, for programs that catch them; `fluvial.errors` has a class for each kind."""

from __future__ import annotations

from fluvial.errors import FluvialError as MlflowException
from fluvial.errors import RequestError as RestException

__all__ = ["MlflowException", "RestException"]
