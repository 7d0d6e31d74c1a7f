"""How fast a run trains: steps per second, from the steps of what it logs."""

from __future__ import annotations

METRIC = "steps_per_second"
MIN_INTERVAL_S = 1.0


class Speed:
    """The training speed of one run.

    Args:
        step: The highest step so far, if there is one.
        now_s: On a clock that never goes back.
    """

    def __init__(self, step: int | None, now_s: float) -> None:
        self._step = step
        self._since_s = now_s

    def measure(self, step: int | None, now_s: float) -> float | None:
        """Steps per second since the last measure.

        Args:
            step: The highest step so far, if there is one.
            now_s: On the same clock.

        Returns:
            The speed; none where less than a second has passed, or no step was finished.
        """
        before, elapsed_s = self._step, now_s - self._since_s
        if step is None or elapsed_s < MIN_INTERVAL_S:
            return None
        self._step, self._since_s = step, now_s
        if before is None or step <= before:
            return None
        return (step - before) / elapsed_s
