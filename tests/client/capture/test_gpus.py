from __future__ import annotations

from pathlib import Path

from fluvial.client.capture.gpus import find_gpus


def test_amd_processors_are_measured_by_what_their_driver_writes(tmp_path: Path) -> None:
    device = tmp_path / "card1" / "device"
    (device / "hwmon/hwmon3").mkdir(parents=True)
    (device / "gpu_busy_percent").write_text("37\n")
    (device / "mem_info_vram_used").write_text("4000000000\n")
    (device / "mem_info_vram_total").write_text("16000000000\n")
    (device / "hwmon/hwmon3/power1_average").write_text("150000000\n")
    (device / "hwmon/hwmon3/power1_cap").write_text("300000000\n")

    [gpu] = find_gpus(tmp_path)

    assert gpu.sample() == {
        "utilization_percentage": 37.0,
        "memory_usage_percentage": 25.0,
        "memory_usage_megabytes": 4000.0,
        "memory_usage_gigabytes": 4.0,
        "power_usage_watts": 150.0,
        "power_usage_percentage": 50.0,
    }
