"""Page by page through the client."""

import mlflow
from mlflow.entities import ViewType

client = mlflow.MlflowClient()
experiment_id = client.create_experiment("pages")
for number in range(7):
    run = client.create_run(experiment_id, start_time=1_500_000_000_000 + number, run_name=f"run {number}")
    client.set_terminated(run.info.run_id)

pages = []
token = None
while True:
    page = client.search_runs(
        [experiment_id],
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=3,
        order_by=["attributes.start_time ASC"],
        page_token=token,
    )
    pages.append([run.info.run_name for run in page])
    token = page.token
    if not token:
        break
report = client.create_run(experiment_id, run_name="report")
client.log_dict(report.info.run_id, {"pages": pages}, "pages.json")
