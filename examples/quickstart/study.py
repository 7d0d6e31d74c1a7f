"""A small study of three datasets, tracked with fluvial.

    python examples/quickstart/study.py

Tracks to the server in FLUVIAL_TRACKING_URI, or, where there is none, to the nearest .fluvial folder.
"""

import time

import data
from curves import train
from evaluate import evaluate_classifier, evaluate_regressor
from explore import explore
from scipy.stats import loguniform, randint
from search import STARTED, Model, Question, compare
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC

import fluvial


def main() -> None:
    breast_cancer()
    digits()
    diabetes()


def breast_cancer() -> None:
    table = data.breast_cancer()
    fluvial.set_experiment("breast-cancer")
    fluvial.set_experiment_tag("mlflow.note.content", data.breast_cancer.__doc__)
    explore(table, "Which measurements tell a malignant tumour from a benign one?")
    compare(
        Question(
            data=table,
            features={
                "all 30": StandardScaler(),
                "10 that differ most": make_pipeline(StandardScaler(), SelectKBest(f_classif, k=10)),
                "principal components": make_pipeline(StandardScaler(), PCA(0.95)),
            },
            models={
                "logistic regression": Model(LogisticRegression(max_iter=2000), {"C": loguniform(1e-3, 1e2)}),
                "support vectors": Model(
                    SVC(),
                    {"C": loguniform(1e-1, 1e2), "gamma": loguniform(1e-3, 1e-1)},
                ),
                "random forest": Model(
                    RandomForestClassifier(30, random_state=7),
                    {"max_depth": randint(2, 12), "min_samples_leaf": randint(1, 10)},
                ),
            },
            metrics=("roc_auc", "accuracy", "recall"),
            evaluate=evaluate_classifier,
        )
    )
    show_best("cv/roc_auc")


def digits() -> None:
    table = data.digits()
    fluvial.set_experiment("digits")
    fluvial.set_experiment_tag("mlflow.note.content", data.digits.__doc__)
    explore(table, "Which pixels go together?")
    for hidden in (16, 64):
        for learning_rate in (0.0005, 0.005):
            accuracy = train(table, hidden=hidden, learning_rate=learning_rate, n_epochs=30)
            print(
                f"{time.monotonic() - STARTED:5.1f} s  {table.name:14} {hidden} hidden units, "
                f"rate {learning_rate:g}: test accuracy {accuracy:.3f}",
                flush=True,
            )
    show_best("test/accuracy")


def diabetes() -> None:
    table = data.diabetes()
    fluvial.set_experiment("diabetes")
    fluvial.set_experiment_tag("mlflow.note.content", data.diabetes.__doc__)
    explore(table, "How far can the progression be foretold?")
    compare(
        Question(
            data=table,
            features={
                "as measured": StandardScaler(),
                "5 most correlated": make_pipeline(StandardScaler(), SelectKBest(f_regression, k=5)),
                "with products": make_pipeline(StandardScaler(), PolynomialFeatures(2, include_bias=False)),
            },
            models={
                "ridge": Model(Ridge(), {"alpha": loguniform(1e-2, 1e3)}),
                "lasso": Model(Lasso(max_iter=50_000), {"alpha": loguniform(3e-1, 1e1)}),
                "boosted trees": Model(
                    GradientBoostingRegressor(n_estimators=60, random_state=7),
                    {"learning_rate": loguniform(2e-2, 3e-1), "max_depth": randint(1, 5)},
                ),
            },
            metrics=("r2", "neg_mean_absolute_error"),
            evaluate=evaluate_regressor,
        )
    )
    show_best("cv/r2")


def show_best(metric: str) -> None:
    best = fluvial.search_runs(
        filter_string="tags.stage = 'candidate'", order_by=[f"metrics.`{metric}` DESC"], max_results=1
    ).iloc[0]
    print(
        f"         best: {best['tags.mlflow.runName']}, {metric} = {best[f'metrics.{metric}']:.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
