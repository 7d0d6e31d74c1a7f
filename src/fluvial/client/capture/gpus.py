"""How busy the graphics processors of this machine are.

NVIDIA through its management library (`pip install fluvial[gpu]`), AMD through what Linux's driver writes to
`/sys`. Not covered: Apple's, which only tell a privileged process, and AMD's on other systems than Linux.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

SYS_CARDS = Path("/sys/class/drm")
_MB = 1e6
_GB = 1e9

_log = logging.getLogger("fluvial")


class Gpu(Protocol):
    """One graphics processor."""

    def sample(self) -> Mapping[str, float]:
        """Its state now, by MLflow's names without the processor's number; raises when it cannot be read."""


class NvidiaGpu:
    """A processor that NVIDIA's library tells about.

    Args:
        nvml: The module `pynvml`, initialised.
        index: Number of the processor.
    """

    def __init__(self, nvml: Any, index: int) -> None:
        self._nvml = nvml
        self._handle = nvml.nvmlDeviceGetHandleByIndex(index)

    def sample(self) -> Mapping[str, float]:
        """Memory, utilization and power."""
        nvml, handle = self._nvml, self._handle
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        rates = nvml.nvmlDeviceGetUtilizationRates(handle)
        found = _memory(memory.used, memory.total)
        found["utilization_percentage"] = float(rates.gpu)
        found["memory_busy_time_percent"] = float(rates.memory)
        try:
            watts = nvml.nvmlDeviceGetPowerUsage(handle) / 1000
            found["power_usage_watts"] = watts
            found["power_usage_percentage"] = (
                watts / (nvml.nvmlDeviceGetEnforcedPowerLimit(handle) / 1000) * 100
            )
        except nvml.NVMLError_NotSupported:
            pass  # a virtual or a small one, which does not measure its power
        return found


class AmdGpu:
    """A processor of AMD's that Linux's driver tells about.

    Args:
        device: Its folder, as /sys/class/drm/card0/device.
    """

    def __init__(self, device: Path) -> None:
        self._device = device

    def sample(self) -> Mapping[str, float]:
        """Memory, utilization and, where it is measured, power."""
        found = _memory(self._read("mem_info_vram_used"), self._read("mem_info_vram_total"))
        found["utilization_percentage"] = float(self._read("gpu_busy_percent"))
        for power in self._device.glob("hwmon/hwmon*/power1_average"):
            watts = int(power.read_text()) / 1e6
            found["power_usage_watts"] = watts
            limit = power.with_name("power1_cap")
            if limit.is_file() and (most := int(limit.read_text())):
                found["power_usage_percentage"] = watts / (most / 1e6) * 100
        return found

    def _read(self, name: str) -> int:
        return int((self._device / name).read_text())


def find_gpus(cards: Path = SYS_CARDS) -> list[Gpu]:
    """The processors of this machine that can be asked."""
    return [*_nvidia_gpus(), *_amd_gpus(cards)]


def _nvidia_gpus() -> list[Gpu]:
    try:
        nvml = importlib.import_module("pynvml")
    except ImportError:
        return []
    try:
        nvml.nvmlInit()
        return [NvidiaGpu(nvml, index) for index in range(nvml.nvmlDeviceGetCount())]
    except nvml.NVMLError as error:  # no driver, no processor
        _log.debug("NVIDIA's graphics processors cannot be asked: %s", error)
        return []


def _amd_gpus(cards: Path) -> list[Gpu]:
    devices = [busy.parent for busy in cards.glob("card*/device/gpu_busy_percent")]
    return [AmdGpu(device) for device in sorted(devices, key=lambda device: int(device.parent.name[4:]))]


def _memory(used_bytes: int, total_bytes: int) -> dict[str, float]:
    return {
        "memory_usage_percentage": round(used_bytes / total_bytes * 100, 1),
        "memory_usage_megabytes": used_bytes / _MB,
        "memory_usage_gigabytes": used_bytes / _GB,
    }
