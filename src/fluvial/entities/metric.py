"""Metrics: named series of numbers of a run."""

from __future__ import annotations

from fluvial.entities.noun import Noun


class Metric(Noun, frozen=True, gc=False):
    """One point of one metric of one run.

    Attributes:
        key: Metric name, 1 to 250 characters.
        value: Any float64; NaN and infinities are kept as they are.
        timestamp: When it was measured, ms since the epoch; not negative.
        step: Training step; may be negative.
        run_id: The run it belongs to, where the context does not say.
        model_id: The logged model it was measured on.
        dataset_name: Name of the dataset it was measured on.
        dataset_digest: Digest of that dataset.
    """

    key: str
    value: float
    timestamp: int
    step: int | None = None
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None
