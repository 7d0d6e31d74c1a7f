import { IconRipple } from "@tabler/icons-react";

import { serverUrl } from "@/api/http";
import { CodeBlock } from "@/components/code-block";
import { EmptyState } from "@/components/empty-state";

/** What a person sees who has tracked nothing yet: the lines that change that. */
export function FirstSteps({
  experimentName = "my-first-experiment",
}: {
  experimentName?: string;
}) {
  const address = new URL(serverUrl(".")).href.replace(/\/$/, "");
  const code = `import fluvial

fluvial.set_tracking_uri("${address}")
fluvial.set_experiment(${JSON.stringify(experimentName)})

with fluvial.start_run():
    fluvial.log_param("learning_rate", 0.01)
    for step in range(100):
        fluvial.log_metric("loss", 1 / (step + 1), step=step)`;

  return (
    <EmptyState
      icon={<IconRipple size={32} stroke={1.4} />}
      title="Track your first run"
      hint="Run these lines where you train. The run appears here while it is running. Scripts that use MLflow need no change: point their tracking URI at this server."
      action={<CodeBlock code={code} label="Python" />}
    />
  );
}
