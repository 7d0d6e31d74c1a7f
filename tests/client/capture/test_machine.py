from __future__ import annotations

from fluvial.client.capture.machine import SystemMetrics


def test_a_point_is_the_mean_of_its_samples_and_the_network_counts_from_the_start() -> None:
    metrics = SystemMetrics(5, {"network_receive_megabytes": 100.0})

    first = metrics.add({"cpu_utilization_percentage": 10.0, "network_receive_megabytes": 110.0}, 2)
    second = metrics.add({"cpu_utilization_percentage": 30.0, "network_receive_megabytes": 130.0}, 2)

    assert first == {}
    assert second == {"cpu_utilization_percentage": 20.0, "network_receive_megabytes": 30.0}
    assert metrics.step == 5
