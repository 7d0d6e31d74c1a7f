"""Describe datasets for `fluvial.log_input`."""

from __future__ import annotations

from fluvial.client.datasets import Dataset, from_numpy, from_pandas

__all__ = ["Dataset", "from_numpy", "from_pandas"]
