"""Random seeds that were set, of Python, NumPy and PyTorch.

`random.seed`, `numpy.random.seed` and `torch.manual_seed` are wrapped from the first use of fluvial on, each
as soon as its library is there. What was set before is read from the libraries as far as they tell: PyTorch
knows its seed, NumPy's can be told from its state until the first number is drawn, Python's cannot.
Not seen: generators of their own (`random.Random(7)`, `numpy.random.default_rng(7)`).
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

TAG_PREFIX = "fluvial.seed."
MAX_SEED_CHARS = 100
_HASH_SEED = "PYTHONHASHSEED"
_FUNCTIONS = {
    "python": ("random", "seed"),
    "numpy": ("numpy.random", "seed"),
    "torch": ("torch", "manual_seed"),
}
_TORCH_UNSEEDED = 67280421310721  # c10::detail default_rng_seed_val
_IS_WATCHED = "__fluvial_watches__"


class Seeds:
    """The seeds that this process was seen to set.

    Args:
        on_seed: Called with a tag when a seed is set.
    """

    def __init__(self, on_seed: Callable[[str, str], None]) -> None:
        self._on_seed = on_seed
        self._seen: dict[str, str] = {}

    def watch(self) -> None:
        """Wrap the functions that set seeds, of the libraries that are loaded by now."""
        for library, (module_name, function_name) in _FUNCTIONS.items():
            module = sys.modules.get(module_name)
            function = getattr(module, function_name, None)
            if function is None or getattr(function, _IS_WATCHED, None) is self:
                continue
            original = (
                getattr(function, "__wrapped__", function) if hasattr(function, _IS_WATCHED) else function
            )
            setattr(module, function_name, self._watched(library, original))

    def tags(self) -> dict[str, str]:
        """The seeds that are known now."""
        known = {TAG_PREFIX + library: seed for library, seed in _told_by_libraries().items()}
        return {**known, **self._seen}

    def _watched(self, library: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def seed(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            given = args[0] if args else next(iter(kwargs.values()), None)
            if given is not None:  # else the system's randomness
                key, text = TAG_PREFIX + library, str(given)[:MAX_SEED_CHARS]
                self._seen[key] = text
                self._on_seed(key, text)
            return result

        setattr(seed, _IS_WATCHED, self)
        return seed


def _told_by_libraries() -> dict[str, str]:
    found = {}
    if os.environ.get(_HASH_SEED, "random") != "random":
        found["hash"] = os.environ[_HASH_SEED]
    initial_seed = getattr(sys.modules.get("torch"), "initial_seed", None)
    if initial_seed is not None and (seed := initial_seed()) != _TORCH_UNSEEDED:
        found["torch"] = str(seed)
    numpy_random = sys.modules.get("numpy.random")
    if hasattr(numpy_random, "get_state") and (seed := _numpy_seed(numpy_random)) is not None:
        found["numpy"] = str(seed)
    return found


def _numpy_seed(numpy_random: Any) -> int | None:
    """The seed that NumPy's global generator was set to, if no number was drawn since; else none.

    A whole number as a seed becomes the first word of the state, and the others follow from it:
    x_i = 1812433253 · (x_{i-1} ⊕ (x_{i-1} >> 30)) + i. A generator that was seeded by the system, or has
    drawn, fails that. Source: Matsumoto and Nishimura, mt19937ar.c, 2002, `init_genrand`.
    """
    kind, key, position, *_ = numpy_random.get_state()
    if kind != "MT19937" or position != len(key):
        return None
    before = int(key[0])
    for i in range(1, 8):
        before = (1812433253 * (before ^ (before >> 30)) + i) & 0xFFFFFFFF
        if int(key[i]) != before:
            return None
    return int(key[0])
