"""The client, where programs written for MLflow import it from."""

from __future__ import annotations

from fluvial.client.client import FluvialClient, MlflowClient

__all__ = ["FluvialClient", "MlflowClient"]
