from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

spacy = pytest.importorskip("spacy")
pandas = pytest.importorskip("pandas")


class TestSpacy(FlavorSuite):
    flavor = "spacy"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        texts = ["a good day", "a bad day"]
        pipeline = spacy.blank("en")
        categories = pipeline.add_pipe("textcat")
        categories.add_label("GOOD")
        categories.add_label("BAD")
        examples = [
            spacy.training.Example.from_dict(
                pipeline.make_doc(text), {"cats": {"GOOD": good, "BAD": 1 - good}}
            )
            for text, good in zip(texts, (1.0, 0.0), strict=True)
        ]
        pipeline.initialize(lambda: examples)
        pipeline.update(examples)
        expected = {"predictions": [dict(pipeline(text).cats) for text in texts]}
        return {
            "categories": Case(model=pipeline, example=pandas.DataFrame({"text": texts}), expected=expected)
        }
