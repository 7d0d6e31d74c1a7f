"""What the tests over raw HTTP may ask for."""

from __future__ import annotations

import pytest

from tests.server.tracking import Tracking
from tests.server_process import ServerProcess


@pytest.fixture
def tracking(server: ServerProcess) -> Tracking:
    """The tracking API of the server, with a new experiment and a new run."""
    return Tracking(server)
