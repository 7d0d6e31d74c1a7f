"""How good is a fitted pipeline on data that it has not seen?"""

import numpy as np
import pandas as pd
from data import Data
from matplotlib.figure import Figure
from sklearn import metrics
from sklearn.pipeline import Pipeline

import fluvial


def evaluate_classifier(pipeline: Pipeline, data: Data) -> None:
    x, actual = data.test[data.features], data.test[data.target]
    predicted = pipeline.predict(x)
    fluvial.log_metrics(
        {
            "test/accuracy": metrics.accuracy_score(actual, predicted),
            "test/recall": metrics.recall_score(actual, predicted),
            "test/precision": metrics.precision_score(actual, predicted),
            "test/roc_auc": metrics.get_scorer("roc_auc")(pipeline, x, actual),
        }
    )
    log_confusion_matrix(actual, predicted)

    figure = Figure(figsize=(5, 5), layout="constrained")
    metrics.RocCurveDisplay.from_estimator(pipeline, x, actual, ax=figure.subplots(), plot_chance_level=True)
    fluvial.log_figure(figure, "figures/roc.png")

    mistakes = x[predicted != actual].assign(actual=actual, predicted=pd.Series(predicted, x.index))
    fluvial.log_table(mistakes.reset_index(names="row"), "mistakes.json")


def evaluate_regressor(pipeline: Pipeline, data: Data) -> None:
    actual = data.test[data.target].to_numpy()
    predicted = pipeline.predict(data.test[data.features])
    error = np.abs(actual - predicted)
    resamples = np.random.default_rng(7).choice(error, (2000, len(error))).mean(axis=1)
    low, high = np.quantile(resamples, [0.025, 0.975])
    fluvial.log_metrics(
        {
            "test/r2": metrics.r2_score(actual, predicted),
            "test/mae": error.mean(),
            "test/mae_low": low,  # 95 % interval of the mean, by the bootstrap
            "test/mae_high": high,
        }
    )
    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, kind in zip(
        figure.subplots(1, 2), ("actual_vs_predicted", "residual_vs_predicted"), strict=True
    ):
        metrics.PredictionErrorDisplay.from_predictions(actual, predicted, kind=kind, ax=axes)
    fluvial.log_figure(figure, "figures/errors.png")


def log_confusion_matrix(actual: pd.Series, predicted: np.ndarray) -> None:
    figure = Figure(figsize=(5, 5), layout="constrained")
    metrics.ConfusionMatrixDisplay.from_predictions(
        actual, predicted, ax=figure.subplots(), cmap="Blues", colorbar=False
    )
    fluvial.log_figure(figure, "figures/confusion-matrix.png")
