"""How busy the machine and this process are, under MLflow's names for it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

import psutil

from fluvial.client.capture.gpus import find_gpus

_MB = 1e6
_FROM_START = ("network_receive_megabytes", "network_transmit_megabytes")

_log = logging.getLogger("fluvial")


class Machine:
    """This machine and this process, ready to be measured; costs about 1 ms a sample without GPUs."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._gpus = dict(enumerate(find_gpus()))
        # These two tell of the time since they were last called.
        psutil.cpu_percent()
        self._process.cpu_percent()

    def sample(self) -> dict[str, float]:
        """What is measured now. Bytes of the network are counted since the machine was started."""
        memory = psutil.virtual_memory()
        disk = psutil.disk_usage(os.sep)
        network = psutil.net_io_counters()
        with self._process.oneshot():
            found = {
                "cpu_utilization_percentage": psutil.cpu_percent(),
                "system_memory_usage_megabytes": memory.used / _MB,
                "system_memory_usage_percentage": memory.used / memory.total * 100,
                "disk_usage_percentage": disk.percent,
                "disk_usage_megabytes": disk.used / _MB,
                "disk_available_megabytes": disk.free / _MB,
                "process_cpu_utilization_percentage": self._process.cpu_percent(),
                "process_memory_usage_megabytes": self._process.memory_info().rss / _MB,
                "process_threads": float(self._process.num_threads()),
            }
        if network is not None:  # a machine without a network interface
            found["network_receive_megabytes"] = network.bytes_recv / _MB
            found["network_transmit_megabytes"] = network.bytes_sent / _MB
        for number, gpu in tuple(self._gpus.items()):
            try:
                values = gpu.sample()
            except Exception as error:  # noqa: BLE001 - each library raises errors of its own
                _log.warning("GPU %d can no longer be measured: %s", number, error)
                del self._gpus[number]
                continue
            found.update({f"gpu_{number}_{name}": value for name, value in values.items()})
        return found


class SystemMetrics:
    """The system metrics of one run: means of some samples each.

    Args:
        first_step: Step of the first points; a run that is resumed goes on counting.
        baseline: A sample at the run's start, from which the network's bytes are counted.

    Attributes:
        step: Of the latest points.
    """

    def __init__(self, first_step: int, baseline: Mapping[str, float]) -> None:
        self.step = first_step - 1
        self._baseline = baseline
        self._samples: list[Mapping[str, float]] = []

    def add(self, sample: Mapping[str, float], n_samples: int) -> dict[str, float]:
        """Take a sample; returns the values to log, none before there are enough samples for a mean.

        Args:
            sample: Of the machine.
            n_samples: How many make a mean.
        """
        self._samples.append(sample)
        if len(self._samples) < n_samples:
            return {}
        samples, self._samples = self._samples, []
        self.step += 1
        means = {
            name: sum(known) / len(known)
            for name in samples[-1]
            if (known := [values[name] for values in samples if name in values])
        }
        for name in _FROM_START:
            if name in means:
                means[name] = samples[-1][name] - self._baseline.get(name, 0.0)
        return means
