"""Images: what `fluvial.log_image` takes, and what a cell of a table may be."""

from __future__ import annotations

import importlib
import io
import os
from typing import Any, Self

from fluvial.errors import InvalidRequest

__all__ = ["Image"]

PREVIEW_PIXELS = 256


class Image:
    """An image, held by PIL, which has to be installed.

    Args:
        image: An array of pixels, an image of PIL, the path of an image file, or a list of rows of pixels.
        caption: For people.

    Example:
        >>> fluvial.Image([[0, 255], [255, 0]]).resize((4, 4)).to_pil().size
        (4, 4)
    """

    def __init__(self, image: Any, caption: str = "") -> None:
        self.caption = caption
        pil = importlib.import_module("PIL.Image")
        if isinstance(image, str | os.PathLike):
            with pil.open(image) as opened:
                self._image = opened.copy()
        elif isinstance(image, list):
            numpy = importlib.import_module("numpy")
            self._image = pil.fromarray(numpy.asarray(image, dtype="uint8"))
        elif hasattr(image, "__array_interface__") and not hasattr(image, "mode"):
            self._image = pil.fromarray(image)
        elif hasattr(image, "save") and hasattr(image, "mode"):
            self._image = image
        else:
            raise InvalidRequest(
                f"An image is an array, an image of PIL, a path or a list, not {type(image).__name__}."
            )

    def to_pil(self) -> Any:
        """The image of PIL."""
        return self._image

    def to_array(self) -> Any:
        """Its pixels as an array of numpy, shape (height, width) or (height, width, channels)."""
        return importlib.import_module("numpy").array(self._image)

    def to_list(self) -> Any:
        """Its pixels as lists."""
        return self.to_array().tolist()

    def resize(self, size: tuple[int, int]) -> Self:
        """The image in another size: width, height."""
        return type(self)(self._image.resize(size))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, whose suffix says the format."""
        self._image.save(path)


def preview_bytes(image: bytes) -> bytes | None:
    """A small WebP of an image, as MLflow's pages show it; none where PIL is not installed."""
    try:
        pil = importlib.import_module("PIL.Image")
    except ModuleNotFoundError:
        return None
    target = io.BytesIO()
    with pil.open(io.BytesIO(image)) as opened:
        opened.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
        opened.save(target, format="WEBP")
    return target.getvalue()
