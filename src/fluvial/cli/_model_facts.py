"""What the tracking server knows of a model, for its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fluvial.cli._model_evidence import kept_of
from fluvial.errors import NotFound, Unreachable
from fluvial.wire.runs import GET_RUN, RunId

if TYPE_CHECKING:
    from fluvial.cli._model_evidence import About
    from fluvial.cli._platform import Reached
    from fluvial.models.card import Facts
    from fluvial.models.inspection import Inspection


def facts_of(platform: Reached, inspected: Inspection, about: About | None) -> Facts:
    """What is known of the run that made a model; nothing where the run is elsewhere."""
    from fluvial.models.card import Facts  # noqa: PLC0415 - with the models only

    evidence = [] if about is None else kept_of(platform, about)
    if not inspected.run_id:
        return Facts(evidence=evidence)
    try:
        run = platform.call(GET_RUN, RunId(run_id=inspected.run_id)).run
    except (NotFound, Unreachable):
        return Facts(evidence=evidence)
    return Facts(
        evidence=evidence,
        description=next((tag.value for tag in run.data.tags if tag.key == "mlflow.note.content"), ""),
        params={param.key: param.value for param in run.data.params},
        metrics={metric.key: metric.value for metric in run.data.metrics},
        datasets=[
            (
                read.dataset.name,
                read.dataset.digest,
                next((tag.value for tag in read.tags if tag.key == "mlflow.data.context"), ""),
            )
            for read in run.inputs.dataset_inputs
        ],
        run_name=run.info.run_name or "",
    )
