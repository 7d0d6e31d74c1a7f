"""Labels, a description, and tags that the pages know."""

import mlflow

with mlflow.start_run(
    run_name="labelled", description="# Heading\n\nSome *text*.", tags={"team": "churn", "version": "3"}
):
    mlflow.set_tag("release.candidate", True)
    mlflow.set_tags({"owner": "ada", "priority": 1, "stage": "draft"})
    mlflow.set_tag("stage", "final")
    mlflow.set_tag("temporary", "x")
    mlflow.delete_tag("temporary")
