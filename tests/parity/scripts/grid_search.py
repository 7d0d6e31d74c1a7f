"""A grid search of scikit-learn, each candidate a child."""

import mlflow
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

mlflow.set_experiment("iris")
features, labels = load_iris(return_X_y=True, as_frame=True)
search = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3]}, cv=3)
search.fit(features, labels)

with mlflow.start_run(run_name="grid search"):
    mlflow.log_input(
        mlflow.data.from_pandas(features, source="sklearn/iris.csv", name="iris"), context="training"
    )
    for params, score, rank in zip(
        search.cv_results_["params"],
        search.cv_results_["mean_test_score"],
        search.cv_results_["rank_test_score"],
        strict=True,
    ):
        with mlflow.start_run(run_name=f"candidate {params['max_depth']}", nested=True):
            mlflow.log_params(params)
            mlflow.log_metrics({"mean_test_score": score, "rank": rank})
    mlflow.log_params({f"best_{name}": value for name, value in search.best_params_.items()})
    mlflow.log_metric("best_cv_score", search.best_score_)
    mlflow.log_text(search.best_estimator_.__repr__(), "estimator.txt")
