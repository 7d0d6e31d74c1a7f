from __future__ import annotations

from fluvial.client.capture.speed import Speed


def test_speed_is_steps_by_seconds_since_the_last_measure() -> None:
    speed = Speed(None, 0.0)

    assert speed.measure(None, 5.0) is None
    assert speed.measure(100, 10.0) is None
    assert speed.measure(150, 10.5) is None
    assert speed.measure(200, 20.0) == 10.0
    assert speed.measure(200, 30.0) is None
    assert speed.measure(300, 40.0) == 10.0
