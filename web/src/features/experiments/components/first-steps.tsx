import { IconRipple } from "@tabler/icons-react";

import { serverUrl } from "@/api/http";
import { CodeBlock } from "@/components/code-block";
import { EmptyState } from "@/components/empty-state";

import classes from "./first-steps.module.css";

/** What a person sees who has tracked nothing yet: the lines that change that. */
export function FirstSteps({
  experimentName = "my-first-experiment",
}: {
  experimentName?: string | undefined;
}) {
  const address = new URL(serverUrl(".")).href.replace(/\/$/, "");
  const code = `import fluvial

fluvial.set_tracking_uri("${address}")
fluvial.set_experiment(${JSON.stringify(experimentName)})

params = {"learning_rate": 0.1, "optimizer": "sgd"}

with fluvial.start_run(run_name="first steps"):
    fluvial.log_params(params)
    fluvial.set_tag("team", "mine")
    for step in range(100):
        loss = 1 / (1 + params["learning_rate"] * step)
        fluvial.log_metric("loss", loss, step=step)
        fluvial.log_metric("accuracy", 1 - loss, step=step)
    fluvial.log_text("What I tried, what came of it", "notes.md")

# Which run has been the best so far?
best = ["metrics.loss ASC"]
runs = fluvial.search_runs(order_by=best, output_format="list")
for run in runs:
    print(run.info.run_name, run.data.metrics["loss"])`;

  return (
    <EmptyState
      icon={<IconRipple size={32} stroke={1.4} />}
      title="Track your first run"
      hint="Run these lines where you train. The run appears here while it is running."
      action={
        <>
          <CodeBlock code={code} label="Python" />
          <p className={classes.already}>Scripts that log with MLflow need no change but this:</p>
          <CodeBlock code={`export MLFLOW_TRACKING_URI=${address}`} label="Shell" />
        </>
      }
    />
  );
}
