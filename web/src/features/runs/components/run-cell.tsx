import { Age } from "@/components/age";
import { Duration } from "@/components/duration";
import { StatusBadge } from "@/components/status-badge";
import type { Run } from "@/api/runs";
import { formatNumber, formatNumberInFull } from "@/lib/format";
import type { RunColumn } from "@/lib/run-columns";

/** The content of one cell of the runs table. */
export function RunCell({ run, column }: { run: Run; column: RunColumn }) {
  switch (column.kind) {
    case "metrics": {
      const metric = run.metrics[column.key];
      if (metric === undefined) return null;
      return (
        <span title={`${formatNumberInFull(metric.value)} at step ${metric.step}`}>
          {formatNumber(metric.value)}
        </span>
      );
    }
    case "params":
      return <TextCell text={run.params[column.key]} />;
    case "tags":
      return <TextCell text={run.tags[column.key]} />;
    case "attributes":
      return <AttributeCell run={run} name={column.key} />;
  }
}

function TextCell({ text }: { text: string | undefined }) {
  return text === undefined ? null : <span title={text}>{text}</span>;
}

function AttributeCell({ run, name }: { run: Run; name: string }) {
  switch (name) {
    case "status":
      return <StatusBadge status={run.status} />;
    case "start_time":
      return <Age time={run.startTime} />;
    case "duration":
      return <Duration startTime={run.startTime} endTime={run.endTime} />;
    case "user":
      return <TextCell text={run.user} />;
    case "source":
      return <TextCell text={run.tags["mlflow.source.name"]} />;
    case "commit":
      return <TextCell text={run.tags["mlflow.source.git.commit"]?.slice(0, 7)} />;
    case "dataset":
      return <TextCell text={run.datasets.map((dataset) => dataset.name).join(", ")} />;
    default:
      return null;
  }
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

export function isNumeric(run: Run, column: RunColumn): boolean {
  if (column.kind === "metrics") return true;
  return column.kind === "params" && NUMBER.test(run.params[column.key] ?? "");
}
