from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

sentence_transformers = pytest.importorskip("sentence_transformers")
parts = pytest.importorskip("sentence_transformers.sentence_transformer.modules")
bert = pytest.importorskip("tests.frameworks.bert")
TEXTS = ["good day", "bad day"]


class TestSentenceTransformers(FlavorSuite):
    flavor = "sentence_transformers"
    tolerance = 1e-4

    @staticmethod
    def cases() -> Mapping[str, Case]:
        with TemporaryDirectory() as folder:
            bert.small("BertModel").save_pretrained(folder)
            bert.tokenizer(Path(folder)).save_pretrained(folder)
            words = parts.Transformer(folder)
            model = sentence_transformers.SentenceTransformer(modules=[words, parts.Pooling(8)], device="cpu")
        return {"embeddings": Case(model=model, example=TEXTS, expected=model.encode(TEXTS))}
