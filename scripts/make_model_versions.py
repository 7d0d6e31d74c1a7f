"""Register a small model with three versions, a policy and promotion requests, for the screenshots.

    python -m scripts.make_model_versions http://127.0.0.1:5000

The models are trained here, and the last is verified in an environment that is built for it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import pandas as pd
import urllib3
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import train_test_split

import fluvial

NAME = "tumour-screening"
REGISTRY = "/api/1.0/fluvial/registry"
VERSIONS = ((2, 5), (4, 20), (8, 80))
FLUVIAL = "from fluvial.cli import main; main()"
DESCRIPTION = """Says from 30 measurements of a cell sample whether a tumour is **malignant**.

Ask the screening team before you use it for anything else."""
CARD = """Deeper trees than version 2, on the same samples. *Not* for samples of other laboratories."""
POLICY = """lifecycle:
  states: [draft, candidate, live, retired]
  transitions:
    - {from: draft, to: candidate}
    - {from: candidate, to: live}
    - {from: live, to: retired}

guards:
  - alias: champion
    approvals: 1
    reviewers: [ana, ben]
    gates: [better, signature, runs elsewhere]

gates:
  better: {metric: auc, against: champion, margin: -0.005}
  signature: {signature: champion}
  runs elsewhere: {evidence: environment, max_age_days: 30}
"""


def main() -> None:
    """Make all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the server is")
    url: str = parser.parse_args().url.rstrip("/")
    fluvial.set_tracking_uri(url)
    fluvial.set_experiment("tumours")
    for depth, n_trees in VERSIONS:
        train(depth, n_trees)
    subprocess.run(
        [sys.executable, "-c", FLUVIAL, "models", "verify", f"models:/{NAME}/3"],
        env={**os.environ, "FLUVIAL_TRACKING_URI": url},
        check=True,
    )
    fill(url)


def train(depth: int, n_trees: int) -> None:
    """A forest as the next version."""
    data, labels = load_breast_cancer(return_X_y=True, as_frame=True)
    train_x, test_x, train_y, test_y = train_test_split(data, labels, random_state=0)
    with fluvial.start_run(run_name=f"forest of {n_trees}"):
        read = fluvial.data.from_pandas(pd.concat([train_x, train_y], axis=1), name="samples-2026-06")
        fluvial.log_input(read, context="training")
        fluvial.log_params({"max_depth": depth, "n_estimators": n_trees})
        model = RandomForestClassifier(n_trees, max_depth=depth, random_state=0).fit(train_x, train_y)
        scores = model.predict_proba(test_x)[:, 1]
        fluvial.log_metrics(
            {"auc": roc_auc_score(test_y, scores), "f1": f1_score(test_y, scores > 0.5)},
        )
        fluvial.sklearn.log_model(
            model, name="forest", input_example=test_x.head(3), registered_model_name=NAME
        )


def fill(url: str) -> None:
    """What people decided about the versions."""
    say(url, "ana", "PATCH", "/api/2.0/mlflow/registered-models/update", name=NAME, description=DESCRIPTION)
    say(
        url, "ana", "PATCH", "/api/2.0/mlflow/model-versions/update", name=NAME, version="3", description=CARD
    )
    for key, value in (("team", "screening"), ("licence", "internal")):
        say(url, "ana", "POST", "/api/2.0/mlflow/registered-models/set-tag", name=NAME, key=key, value=value)
    promote(url, "cleo", "1", "First that anybody may use")
    promote(url, "cleo", "2", "Better on the samples of June")
    say(url, "ana", "POST", f"{REGISTRY}/policy", name=NAME, text=POLICY, reason="Two pairs of eyes")
    for version, why in (("1", "Back to the small one?"), ("3", "80 trees, and no slower")):
        say(
            url, "cleo", "POST", f"{REGISTRY}/requests/create",
            name=NAME, version=version, target="alias", key="champion", reason=why,
        )  # fmt: skip


def promote(url: str, user: str, version: str, reason: str) -> None:
    """Let champion be a version."""
    say(
        url, user, "POST", f"{REGISTRY}/promote",
        name=NAME, version=version, target="alias", key="champion", reason=reason,
    )  # fmt: skip


def say(url: str, user: str, method: str, path: str, **message: str) -> None:
    """One call of the REST API, by somebody."""
    answer = urllib3.request(method, url + path, json=message, headers={"X-Fluvial-User": user})
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.data.decode()}")


if __name__ == "__main__":
    main()
