import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { parse } from "yaml";

import { getLoggedModel, getVersionFileText } from "@/api/logged-models";
import { getRun } from "@/api/runs";
import { getVersion, type ModelVersion } from "@/api/registry";
import { CodeBlock } from "@/components/code-block";
import { ErrorPanel } from "@/components/error-panel";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatNumber, formatTime } from "@/lib/format";
import { modelFacts } from "@/lib/mlmodel";

import { useVersionData } from "../use-version-data";
import { AboutVersion } from "./about-version";
import { EnvironmentPanel } from "./environment-panel";
import { FilesPanel } from "./files-panel";
import { FindingsPanel } from "./findings-panel";
import { HistoryList } from "./history-list";
import classes from "./models.module.css";
import { UsePanel } from "./use-panel";

interface VersionViewProps {
  name: string;
  version: string;
  /** The graph of what it came from. */
  lineage: ReactNode;
}

/** One version: where it comes from, what goes in and out, in which environment, and what was found out. */
export function VersionView({ name, version, lineage }: VersionViewProps) {
  const query = useQuery(getVersion(name, version));

  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={classes.stack}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <AboutVersion version={query.data} />
          <FindingsPanel name={name} version={version} />
          <Logged version={query.data} />
          <Signature name={name} version={version} />
          <UsePanel name={name} version={version} />
        </div>
        <div className={classes.column}>
          <Origin version={query.data} />
          <EnvironmentPanel name={name} version={version} />
          <FilesPanel version={query.data} />
        </div>
      </div>
      <Panel title="Where it comes from">{lineage}</Panel>
      <Panel title="History">
        <HistoryList name={name} version={version} />
      </Panel>
    </div>
  );
}

/** From the run over the logged model to this version. */
function Origin({ version }: { version: ModelVersion }) {
  const { modelId, runId, source, owner, createdAt, aliases } = version;
  const model = useQuery(getLoggedModel(modelId)).data;
  const run = useQuery({ ...getRun(runId), enabled: runId !== "" }).data;

  return (
    <Panel title="Origin">
      <KeyValueTable
        label="Origin"
        hasShortKeys
        rows={[
          ...(run === undefined
            ? []
            : [
                {
                  key: "Run",
                  value: run.name,
                  href: `#/experiments/${run.experimentId}/runs/${runId}`,
                },
              ]),
          ...(modelId === ""
            ? []
            : [
                {
                  key: "Logged model",
                  value: modelId,
                  detail: model?.name ?? "",
                  isCopied: true,
                },
              ]),
          { key: "Source", value: source, isCopied: true },
          { key: "Aliases", value: aliases.length === 0 ? "none" : aliases.join(", ") },
          {
            key: "Registered",
            value: `${formatTime(createdAt)}${owner === "" ? "" : ` by ${owner}`}`,
          },
        ]}
        empty=""
      />
    </Panel>
  );
}

function Logged({ version }: { version: ModelVersion }) {
  const { metrics, params, isPending } = useVersionData(version);

  if (isPending) return <TableSkeleton rows={4} />;
  return (
    <>
      <Panel title="Metrics" count={Object.keys(metrics).length}>
        <KeyValueTable
          label="Metrics"
          isNumeric
          rows={Object.entries(metrics).map(([key, value]) => ({
            key,
            value: formatNumber(value),
          }))}
          empty="No metrics."
        />
      </Panel>
      <Panel title="Params" count={Object.keys(params).length}>
        <KeyValueTable
          label="Params"
          rows={Object.entries(params).map(([key, value]) => ({ key, value }))}
          empty="No params."
        />
      </Panel>
    </>
  );
}

/** What the model takes and gives, with an example. */
function Signature({ name, version }: { name: string; version: string }) {
  const described = useQuery(getVersionFileText(name, version, "MLmodel"));
  const example = useQuery(getVersionFileText(name, version, "input_example.json"));

  if (described.isPending) return <TableSkeleton rows={4} />;
  if (described.isError) {
    return <ErrorPanel error={described.error} onRetry={() => void described.refetch()} />;
  }
  const { signature } = modelFacts(readYaml(described.data ?? ""), []);
  return (
    <>
      <Panel title="Signature">
        {signature.length === 0 && (
          <p className={classes.hint}>The model says nothing of its inputs and outputs.</p>
        )}
        {signature.map(({ title, columns }) => (
          <KeyValueTable
            key={title}
            label={title}
            rows={columns.map((column) => ({
              key: `${title}: ${column.name}`,
              value: column.type,
              detail: column.isRequired ? "" : "optional",
            }))}
            empty=""
          />
        ))}
      </Panel>
      {example.data && (
        <Panel title="Input example">
          <div className={classes.example}>
            <CodeBlock label="Input example" code={indented(example.data)} />
          </div>
        </Panel>
      )}
    </>
  );
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null; // no MLmodel file: there is nothing to say
  }
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // it is shown as it is
  }
}
