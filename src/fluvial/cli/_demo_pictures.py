"""Pictures for the demo's artifacts, painted pixel by pixel: no plotting library is needed for them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from fluvial.client.artifact_formats import png_bytes

Colour = tuple[int, int, int]

PAPER: Colour = (255, 255, 255)
INK: Colour = (51, 65, 85)
BLUE: Colour = (37, 99, 235)
ORANGE: Colour = (234, 88, 12)
GRID: Colour = (226, 232, 240)


class Picture:
    """Pixels.

    Attributes:
        shape: Height, width, channels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.shape = (height, width, 3)
        self._rows = [bytearray(bytes(PAPER) * width) for _ in range(height)]

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """Paint a rectangle; what is outside is left out."""
        first, last = max(left, 0), min(left + width, self.shape[1])
        if last > first:
            for row in self._rows[max(top, 0) : max(top + height, 0)]:
                row[first * 3 : last * 3] = bytes(colour) * (last - first)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Join points, three pixels thick."""
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            n = int(max(abs(x1 - x0), abs(y1 - y0), 1))
            for i in range(n + 1):
                self.fill(round(x0 + (x1 - x0) * i / n) - 1, round(y0 + (y1 - y0) * i / n) - 1, 3, 3, colour)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        return png_bytes(self)

    def __iter__(self) -> Iterator[memoryview]:
        return map(memoryview, self._rows)


def heat_map(values: Sequence[Sequence[float]]) -> bytes:
    """A confusion matrix: the darker a field, the greater its share of the row."""
    size, gap = 28, 2
    n = len(values)
    picture = Picture(n * (size + gap) + gap, n * (size + gap) + gap)
    for i, row in enumerate(values):
        total = sum(row) or 1.0
        for j, value in enumerate(row):
            picture.fill(gap + j * (size + gap), gap + i * (size + gap), size, size, _shade(value / total))
    return picture.png()


def bar_chart(shares: Sequence[float]) -> bytes:
    """Lying bars, the longest is as wide as the picture."""
    picture = Picture(420, 20 + 26 * len(shares))
    longest = max(shares)
    for i, share in enumerate(shares):
        picture.fill(12, 12 + 26 * i, round(396 * share / longest), 18, BLUE)
    return picture.png()


def line_chart(*series: Sequence[float]) -> bytes:
    """Lines over the same steps: the first blue, the others orange."""
    width, height, edge = 480, 240, 16
    picture = Picture(width, height)
    low, high = min(map(min, series)), max(map(max, series))
    for i in range(5):
        picture.fill(edge, edge + round((height - 2 * edge) * i / 4), width - 2 * edge, 1, GRID)
    for number, values in enumerate(series):
        points = [
            (
                edge + (width - 2 * edge) * i / max(len(values) - 1, 1),
                edge + (height - 2 * edge) * (1 - (value - low) / ((high - low) or 1.0)),
            )
            for i, value in enumerate(values)
        ]
        picture.line(points, BLUE if number == 0 else ORANGE)
    return picture.png()


def _shade(share: float) -> Colour:
    red, green, blue = (
        round(paper + (full - paper) * share**0.6) for paper, full in zip((239, 246, 255), BLUE, strict=True)
    )
    return red, green, blue
