import { useQuery } from "@tanstack/react-query";
import { parse } from "yaml";

import { getVersionFileText } from "@/api/logged-models";
import { listFindings } from "@/api/promotions";
import { CodeBlock } from "@/components/code-block";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatBytes, formatPlural } from "@/lib/format";
import { parseRequirements } from "@/lib/requirements";

import classes from "./models.module.css";

interface EnvironmentPanelProps {
  name: string;
  version: string;
}

/** What the model runs in, and what its last verification there showed. */
export function EnvironmentPanel({ name, version }: EnvironmentPanelProps) {
  const python = useQuery(getVersionFileText(name, version, "python_env.yaml"));
  const lock = useQuery(getVersionFileText(name, version, "requirements.lock"));
  const loose = useQuery(getVersionFileText(name, version, "requirements.txt"));
  const verified = (useQuery(listFindings(name, version)).data ?? []).find(
    ({ what }) => what === "environment",
  );

  if (python.isPending || lock.isPending || loose.isPending) return <TableSkeleton rows={4} />;
  const packages = lock.data ?? loose.data ?? "";
  const rows = [
    { key: "Python", value: pythonOf(python.data ?? "") },
    {
      key: "Packages",
      value: lock.data
        ? `${formatPlural(parseRequirements(lock.data).length, "package")}, each in its version`
        : loose.data
          ? "as requirements.txt asks for them, not locked"
          : "",
    },
    { key: "Verified", value: verified?.summary ?? "not yet" },
    ...(verified === undefined ? [] : measured(verified.details)),
  ].filter(({ value }) => value !== "");
  return (
    <Panel title="Environment">
      <KeyValueTable label="Environment" rows={rows} hasShortKeys empty="" />
      {packages !== "" && (
        <details className={classes.details}>
          <summary>{lock.data ? "requirements.lock" : "requirements.txt"}</summary>
          <CodeBlock label="Packages" code={packages} />
        </details>
      )}
    </Panel>
  );
}

/** Numbers of a verification, see `fluvial models verify`. */
function measured(details: Readonly<Record<string, unknown>>) {
  const number = (key: string) => (typeof details[key] === "number" ? details[key] : 0);
  const bytes = (key: string) => (number(key) === 0 ? "" : formatBytes(number(key)));
  const seconds = (key: string) => (number(key) === 0 ? "" : `${number(key).toFixed(2)} s`);
  return [
    { key: "Cold start", value: seconds("cold_start_s") },
    { key: "First prediction", value: seconds("first_predict_s") },
    { key: "Model", value: bytes("model_bytes") },
    { key: "With packages", value: bytes("environment_bytes") },
    {
      key: "Memory",
      value: number("memory_mb") === 0 ? "" : `${Math.round(number("memory_mb"))} MB`,
    },
  ];
}

function pythonOf(text: string): string {
  try {
    const { python } = (parse(text) ?? {}) as { python?: string | number };
    return String(python ?? "");
  } catch {
    return ""; // somebody else's file: it says nothing
  }
}
