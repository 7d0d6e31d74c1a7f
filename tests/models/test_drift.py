from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from fluvial.errors import InvalidRequest
from fluvial.models.drift import compare, psi


def test_the_index_is_what_it_is_by_hand() -> None:
    before, now = np.array([50.0, 50.0]), np.array([25.0, 75.0])

    # (0.25 - 0.5) ln(0.25 / 0.5) + (0.75 - 0.5) ln(0.75 / 0.5)
    assert psi(before, now) == pytest.approx(0.25 * math.log(2) + 0.25 * math.log(1.5))
    assert psi(before, before) == 0
    assert psi(before, now) == pytest.approx(psi(now, before))


def test_a_bin_that_one_lacks_counts_as_half_a_row() -> None:
    found = psi(np.array([10.0, 0.0, 0.0]), np.array([5.0, 5.0, 0.0]))

    assert found == pytest.approx((0.5 - 1) * math.log(0.5) + (0.5 - 0.05) * math.log(10))


def test_columns_that_moved_come_first_and_those_that_did_not_have_nothing() -> None:
    chance = np.random.default_rng(0)
    same = chance.normal(size=2000)
    reference = pd.DataFrame({"same": same, "shifted": same, "city": ["a", "b"] * 1000, "constant": 1})
    current = pd.DataFrame(
        {"same": same[::-1], "shifted": same + 1, "city": ["a", "c"] * 1000, "constant": [1, None] * 1000}
    )

    found = {one.name: one for one in compare(reference, current)}

    assert list(found)[-1] == "same"
    assert found["same"].psi == 0
    assert min(found[name].psi for name in ("shifted", "city", "constant")) > 0.5
    assert found["constant"].missing == (0.0, 0.5)


def test_data_without_the_column_or_rows_are_refused() -> None:
    frame = pd.DataFrame({"a": [1.0]})

    with pytest.raises(InvalidRequest, match="have no column 'b'"):
        compare(frame, frame, ["b"])
    with pytest.raises(InvalidRequest, match="current data have no rows"):
        compare(frame, frame.head(0))
