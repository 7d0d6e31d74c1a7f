from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from fluvial.testing.flavors import Case, FlavorSuite
from tests.frameworks.bert import small, tokenizer, transformers

TEXTS = ["good day", "bad day"]


def classifier(network: Any) -> Any:
    with TemporaryDirectory() as folder:
        return transformers.pipeline("text-classification", model=network, tokenizer=tokenizer(Path(folder)))


class TestTransformers(FlavorSuite):
    flavor = "transformers"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        peft = pytest.importorskip("peft")
        pipeline = classifier(small("BertForSequenceClassification"))
        lora = peft.LoraConfig(task_type="SEQ_CLS", r=2, target_modules=["query"], init_lora_weights=False)
        adapted = classifier(peft.get_peft_model(small("BertForSequenceClassification"), lora).eval())
        expected = adapted(TEXTS)
        assert expected != pipeline(TEXTS)
        return {
            "a pipeline": Case(model=pipeline, example=TEXTS, expected=pipeline(TEXTS)),
            "an adapter of PEFT": Case(model=adapted, example=TEXTS, expected=expected),
        }
