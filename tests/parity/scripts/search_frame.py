"""Runs as a data frame: the best, the columns, the filters."""

import mlflow

mlflow.set_experiment("search frame")
for depth in range(6):
    with mlflow.start_run(run_name=f"depth {depth}", tags={"kind": "odd" if depth % 2 else "even"}):
        mlflow.log_param("depth", depth)
        mlflow.log_metric("auc", 0.5 + depth / 20)

frame = mlflow.search_runs(
    filter_string="metrics.auc > 0.55 and tags.kind = 'odd'", order_by=["metrics.auc DESC"]
)
best = mlflow.search_runs(order_by=["metrics.auc DESC"], max_results=1).iloc[0]
listed = mlflow.search_runs(
    experiment_names=["search frame"], output_format="list", max_results=4, order_by=["params.depth ASC"]
)
none = mlflow.search_runs(filter_string="params.depth = '99'")
with mlflow.start_run(run_name="report"):
    mlflow.log_dict(
        {
            "odd": frame["params.depth"].tolist(),
            "columns": [name for name in frame.columns if name.split(".")[0] in ("metrics", "params")],
            "fixed": [name for name in frame.columns if "." not in name],
            "best": best["tags.mlflow.runName"],
            "auc": best["metrics.auc"],
            "first": [run.info.run_name for run in listed],
            "none": len(none),
        },
        "report.json",
    )
