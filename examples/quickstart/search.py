"""One run for each way to model the data, and below it one run for each setting that was tried."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from data import Data
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import ParameterSampler, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline

import fluvial

STARTED = time.monotonic()


@dataclass(frozen=True)
class Model:
    """A kind of model, and the distributions from which its settings are drawn."""

    estimator: BaseEstimator
    space: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked of the data, and how the answers are judged."""

    data: Data
    features: Mapping[str, BaseEstimator]
    models: Mapping[str, Model]
    metrics: tuple[str, ...]  # names of scikit-learn's scorers; the first one chooses
    evaluate: Callable[[Pipeline, Data], None]
    n_trials: int = 3


def compare(question: Question) -> None:
    """Try every way to make features with every model."""
    for features, transformer in question.features.items():
        for model in question.models:
            tune(question, features, transformer, model)


def tune(question: Question, features: str, transformer: BaseEstimator, model: str) -> None:
    """Find the best settings of one pipeline by cross-validation, then judge it on the test part."""
    data, chooser = question.data, question.metrics[0]
    x, y = data.train[data.features], data.train[data.target]
    trials = []
    with fluvial.start_run(run_name=f"{model}, {features}", tags={"stage": "candidate"}):
        data.log_as_inputs()
        fluvial.log_params({"features": features, "model": model})
        sampler = ParameterSampler(question.models[model].space, question.n_trials, random_state=7)
        for number, settings in enumerate(sampler, start=1):
            pipeline = make_pipeline(clone(transformer), clone(question.models[model].estimator))
            pipeline[-1].set_params(**settings)
            with fluvial.start_run(run_name=f"trial {number}", nested=True, tags={"stage": "trial"}):
                fluvial.log_params({"features": features, "model": model, **settings})
                scores = cross_validate(pipeline, x, y, cv=5, scoring=question.metrics)
                for metric in question.metrics:
                    for fold, score in enumerate(scores[f"test_{metric}"]):
                        fluvial.log_metric(f"fold/{metric}", score, step=fold)
                summary = summarise(scores, question.metrics)
                fluvial.log_metrics(summary)
            trials.append((summary[f"cv/{chooser}"], summary, settings, pipeline))

        score, summary, settings, pipeline = max(trials, key=lambda trial: trial[0])
        fluvial.log_params(settings)
        fluvial.log_metrics(summary)
        question.evaluate(pipeline.fit(x, y), data)
    spread = summary[f"cv/{chooser}_std"]
    print(
        f"{time.monotonic() - STARTED:5.1f} s  {data.name:14} {features:22} {model:20} "
        f"{chooser} {score:.3f} ± {spread:.3f}",
        flush=True,
    )


def summarise(scores: Mapping[str, Any], metrics: tuple[str, ...]) -> dict[str, float]:
    summary = {"cv/fit_time_s": scores["fit_time"].mean()}
    for metric in metrics:
        summary[f"cv/{metric}"] = scores[f"test_{metric}"].mean()
        summary[f"cv/{metric}_std"] = scores[f"test_{metric}"].std(ddof=1)
    return summary
