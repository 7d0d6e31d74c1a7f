"""What users log as an artifact — text, dicts, figures, images — as bytes."""

from __future__ import annotations

import io
import json
import math
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from fluvial.errors import InvalidRequest

_BARE = re.compile(r"[A-Za-z_][\w./-]*(?: [\w./-]+)*", re.ASCII)
_NO_TEXT = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def dict_bytes(content: Any, path: str) -> bytes:
    """A dict or list as JSON, or as YAML where the file is named so.

    Raises:
        InvalidRequest: It holds something that neither can say.
    """
    if path.endswith((".yaml", ".yml")):
        return _yaml(content).encode()
    try:
        return json.dumps(content, indent=2, default=plain).encode()
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"{path} cannot be written as JSON: {error}.") from error


def figure_bytes(figure: Any, path: str, save_kwargs: Mapping[str, Any] | None = None) -> bytes:
    """A figure of matplotlib or plotly, in the format that the file's suffix says.

    Raises:
        InvalidRequest: It is no figure.
    """
    suffix = PurePosixPath(path).suffix.lstrip(".").lower()
    if hasattr(figure, "savefig"):
        target = io.BytesIO()
        figure.savefig(target, **{"format": suffix or "png", **(save_kwargs or {})})
        return target.getvalue()
    if hasattr(figure, "to_html") and suffix in ("html", "htm"):
        return str(figure.to_html(**{"include_plotlyjs": "cdn", **(save_kwargs or {})})).encode()
    if hasattr(figure, "to_image"):
        return bytes(figure.to_image(**{"format": suffix or "png", **(save_kwargs or {})}))
    raise InvalidRequest(f"log_figure takes a figure of matplotlib or plotly, not {type(figure).__name__}.")


def image_bytes(image: Any, path: str) -> bytes:
    """An image of PIL, or an array of pixels, in the format that the file's suffix says.

    An array has the shape (height, width), or (height, width, channels) with 1, 3 or 4 of them; whole
    numbers from 0 to 255, or fractions from 0 to 1. It becomes a PNG.

    Raises:
        InvalidRequest: It is neither, or has another shape.
    """
    if hasattr(image, "to_pil"):
        image = image.to_pil()
    if hasattr(image, "save") and hasattr(image, "mode"):
        target = io.BytesIO()
        suffix = PurePosixPath(path).suffix.lstrip(".").upper().replace("JPG", "JPEG")
        image.save(target, format=suffix or "PNG")
        return target.getvalue()
    if not hasattr(image, "__array__"):
        raise InvalidRequest(f"log_image takes an image of PIL or an array, not {type(image).__name__}.")
    if not path.endswith(".png"):
        raise InvalidRequest(f"An array is logged as a .png file, not {path!r}.")
    return png_bytes(_pixels(image.__array__()))


def plain(value: Any) -> Any:
    """What JSON has no word for: arrays as lists, scalars of other libraries as numbers, the rest as text."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


def _yaml(value: Any, indent: int = 0) -> str:
    """YAML in block style, keys sorted, as MLflow writes it."""
    pad = "  " * indent
    if isinstance(value, Mapping) and value:
        return "".join(
            f"{pad}{_yaml_scalar(key)}:{_yaml_value(item, indent, 0 if _is_list(item) else 1)}"
            for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))
        )
    if _is_list(value):
        return "".join(f"{pad}- {_yaml(item, indent + 1).lstrip(' ')}" for item in value)
    return f"{pad}{_yaml_scalar(value)}\n"


def _yaml_value(item: Any, indent: int, deeper: int) -> str:
    if (isinstance(item, Mapping) and item) or _is_list(item):
        return f"\n{_yaml(item, indent + deeper)}"
    return f" {_yaml_scalar(item)}\n"


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value)


def _yaml_scalar(value: Any) -> str:
    """A scalar; texts are bare where no reader of YAML 1.1 takes them for something else."""
    value = value.item() if hasattr(value, "item") and not getattr(value, "shape", None) else value
    if isinstance(value, str):
        if not _BARE.fullmatch(value):
            return json.dumps(value)
        return f"'{value}'" if value.lower() in _NO_TEXT else value
    if isinstance(value, float):
        if not math.isfinite(value):
            return ".nan" if math.isnan(value) else f"{'-' * (value < 0)}.inf"
        shown = repr(value)
        return shown.replace("e", ".0e") if "e" in shown and "." not in shown else shown
    return json.dumps(value, default=plain)


def _pixels(array: Any) -> Any:
    """Pixels as bytes, shape (height, width, channels)."""
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
        raise InvalidRequest(
            f"An image has the shape (height, width) or (height, width, 1, 3 or 4), not {array.shape}."
        )
    if array.dtype.kind == "f":
        array = array.clip(0, 1) * 255
    elif array.dtype.kind == "b":
        array = array * 255
    return array.astype("uint8")


def png_bytes(pixels: Any) -> bytes:
    """PNG of 8 bits, see the PNG specification (third edition), 5 and 11.2.

    Args:
        pixels: Rows of bytes with `tobytes`; `shape` is (height, width, channels).
    """
    height, width, n_channels = pixels.shape
    colour_type = {1: 0, 3: 2, 4: 6}[n_channels]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)),
            _png_chunk(b"IDAT", zlib.compress(rows)),
            _png_chunk(b"IEND", b""),
        )
    )


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
