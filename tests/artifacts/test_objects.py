from __future__ import annotations

import pytest
from obstore.store import MemoryStore

from fluvial.artifacts._objects import BucketStore
from fluvial.testing.artifacts import ArtifactStoreSuite


class TestBucketStore(ArtifactStoreSuite):
    @pytest.fixture
    def store(self) -> BucketStore:
        return BucketStore(MemoryStore())
