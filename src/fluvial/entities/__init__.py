"""The nouns of the platform: immutable values that check themselves, with the REST contract's field names.

One module per noun. Times are milliseconds since the Unix epoch, UTC, unless a field says otherwise.
"""

from fluvial.entities.artifact import FileInfo
from fluvial.entities.dataset import Dataset, DatasetInput
from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.run import ModelInput as LoggedModelInput
from fluvial.entities.run import ModelOutput as LoggedModelOutput
from fluvial.entities.run import RunStatus
from fluvial.entities.tag import Param
from fluvial.entities.tag import Tag as ExperimentTag
from fluvial.entities.tag import Tag as InputTag
from fluvial.entities.tag import Tag as RunTag

# What programs name; the other nouns are for fluvial itself.
__all__ = [
    "Dataset",
    "DatasetInput",
    "ExperimentTag",
    "FileInfo",
    "InputTag",
    "LifecycleStage",
    "LoggedModelInput",
    "LoggedModelOutput",
    "Metric",
    "Param",
    "RunStatus",
    "RunTag",
    "ViewType",
]
