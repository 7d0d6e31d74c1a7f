"""Train small neural networks step by step, and log each step: a few thousand points a run."""

import numpy as np
from data import Data
from evaluate import log_confusion_matrix
from matplotlib.figure import Figure
from sklearn.metrics import classification_report, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import fluvial

BATCH = 32


def train(data: Data, *, hidden: int, learning_rate: float, n_epochs: int) -> float:
    """Train one network and return its accuracy on the test part."""
    pixels, digit = data.train[data.features].to_numpy() / 16, data.train[data.target].to_numpy()
    x, x_validation, y, y_validation = train_test_split(pixels, digit, test_size=0.2, random_state=7)
    network = MLPClassifier((hidden,), learning_rate_init=learning_rate, random_state=7)
    random = np.random.default_rng(7)

    with fluvial.start_run(run_name=f"{hidden} hidden, rate {learning_rate:g}", tags={"stage": "candidate"}):
        data.log_as_inputs()
        fluvial.log_params(
            {"hidden": hidden, "learning_rate": learning_rate, "n_epochs": n_epochs, "batch": BATCH}
        )
        step = 0
        for epoch in range(n_epochs):
            shuffled = random.permutation(len(x))
            for rows in np.array_split(shuffled, len(x) // BATCH):
                network.partial_fit(x[rows], y[rows], classes=range(10))
                fluvial.log_metric("train/loss", network.loss_, step=step)
                step += 1
            probabilities = network.predict_proba(x_validation)
            fluvial.log_metrics(
                {
                    "epoch": epoch,
                    "validation/loss": log_loss(y_validation, probabilities, labels=range(10)),
                    "validation/accuracy": float((probabilities.argmax(axis=1) == y_validation).mean()),
                },
                step=step,
            )

        actual = data.test[data.target]
        predicted = network.predict(data.test[data.features].to_numpy() / 16)
        accuracy = float((actual == predicted).mean())
        fluvial.log_metric("test/accuracy", accuracy)
        fluvial.log_dict(classification_report(actual, predicted, output_dict=True), "report.json")
        log_confusion_matrix(actual, predicted)
        fluvial.log_figure(mistakes(data, predicted), "figures/mistakes.png")
    return accuracy


def mistakes(data: Data, predicted: np.ndarray) -> Figure:
    wrong = np.flatnonzero(data.test[data.target].to_numpy() != predicted)[:12]
    figure = Figure(figsize=(8, 3), layout="constrained")
    figure.suptitle("What it got wrong")
    for position, row in enumerate(wrong, start=1):
        axes = figure.add_subplot(2, 6, position)
        axes.imshow(data.test.loc[row, data.features].to_numpy(float).reshape(8, 8), cmap="Greys")
        axes.set_title(f"{data.test.loc[row, data.target]}, said {predicted[row]}", fontsize=9)
        axes.axis("off")
    return figure
