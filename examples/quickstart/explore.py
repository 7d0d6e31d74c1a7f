"""A first look at a table: one run with figures, a summary and, for two classes, tests of each feature."""

import pandas as pd
from data import Data
from matplotlib.figure import Figure
from scipy import stats

import fluvial


def explore(data: Data, question: str) -> None:
    with fluvial.start_run(
        run_name="exploration", tags={"stage": "exploration"}, description=f"## {question}"
    ):
        data.log_as_inputs()
        fluvial.log_params({"rows": len(data.train) + len(data.test), "features": len(data.features)})
        fluvial.log_table(summary(data.train), "summary.json")
        fluvial.log_figure(correlations(data), "figures/correlations.png")
        if data.train[data.target].nunique() == 2:
            tests = compare_classes(data)
            fluvial.log_table(tests, "tests-per-feature.json")
            fluvial.log_metric("features_that_differ", int((tests["p_adjusted"] < 0.01).sum()))
            fluvial.log_figure(distributions(data, list(tests["feature"][:6])), "figures/distributions.png")
            strongest = "\n".join(
                f"1. {row.feature}, d = {row.effect_d:.2f}" for row in tests[:5].itertuples()
            )
            fluvial.set_tag(
                "mlflow.note.content", f"## {question}\n\nThe classes differ most in\n\n{strongest}\n"
            )


def summary(table: pd.DataFrame) -> pd.DataFrame:
    described = table.describe().T[["mean", "std", "min", "50%", "max"]]
    described = described.rename(columns={"50%": "median"}).assign(
        missing=table.isna().sum(), skew=table.skew()
    )
    return described.reset_index(names="column")


def compare_classes(data: Data) -> pd.DataFrame:
    """Mann-Whitney's U test of each feature, corrected for testing many; the strongest effect comes first."""
    in_class = data.train[data.target] == 1
    rows = []
    for feature in data.features:
        positive, negative = data.train.loc[in_class, feature], data.train.loc[~in_class, feature]
        test = stats.mannwhitneyu(positive, negative)
        spread = ((positive.var() + negative.var()) / 2) ** 0.5
        rows.append(
            {
                "feature": feature,
                "effect_d": (positive.mean() - negative.mean()) / spread,
                "u": test.statistic,
                "p": test.pvalue,
            }
        )
    tests = pd.DataFrame(rows)
    tests["p_adjusted"] = stats.false_discovery_control(tests["p"])
    return tests.sort_values("effect_d", key=abs, ascending=False, ignore_index=True)


def correlations(data: Data) -> Figure:
    correlation = data.train.corr()
    figure = Figure(figsize=(8, 7), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(correlation, cmap="RdBu", vmin=-1, vmax=1)
    figure.colorbar(image, label="Pearson correlation")
    if len(correlation) <= 40:
        axes.set_xticks(range(len(correlation)), correlation.columns, rotation=90, fontsize=7)
        axes.set_yticks(range(len(correlation)), correlation.columns, fontsize=7)
    axes.set_title(f"{data.name}: what goes together")
    return figure


def distributions(data: Data, features: list[str]) -> Figure:
    figure = Figure(figsize=(10, 6), layout="constrained")
    for axes, feature in zip(figure.subplots(2, 3).flat, features, strict=True):
        for value, rows in data.train.groupby(data.target):
            axes.hist(rows[feature], bins=25, alpha=0.6, density=True, label=f"{data.target} = {value}")
        axes.set_xlabel(feature)
    figure.axes[0].legend()
    figure.suptitle(f"{data.name}: the features in which the classes differ most")
    return figure
