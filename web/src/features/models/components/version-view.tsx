import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { parse } from "yaml";

import {
  getLoggedModel,
  getVersionFileText,
  listModelFiles,
  versionFileUrl,
} from "@/api/logged-models";
import { listFindings } from "@/api/promotions";
import { getVersion, type ModelVersion } from "@/api/registry";
import { CodeBlock } from "@/components/code-block";
import { ErrorPanel } from "@/components/error-panel";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatBytes, formatNumber, formatTime } from "@/lib/format";
import { modelFacts } from "@/lib/mlmodel";

import { useVersionData } from "../use-version-data";
import { AboutVersion } from "./about-version";
import { HistoryList } from "./history-list";
import classes from "./models.module.css";

interface VersionViewProps {
  name: string;
  version: string;
}

/** One version: where it comes from, what goes in and out, in which environment, and what was found out. */
export function VersionView({ name, version }: VersionViewProps) {
  const query = useQuery(getVersion(name, version));

  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={classes.stack}>
      <AboutVersion version={query.data} />
      <Lineage version={query.data} />
      <Findings name={name} version={version} />
      <Logged version={query.data} />
      <FromFiles version={query.data} />
      <Panel title="History">
        <HistoryList name={name} version={version} />
      </Panel>
    </div>
  );
}

/** From the run over the logged model to this version. */
function Lineage({ version }: { version: ModelVersion }) {
  const { modelId, runId, source, owner, createdAt, aliases } = version;
  const model = useQuery(getLoggedModel(modelId)).data;
  const experimentId = model?.experimentId ?? "0";

  return (
    <Panel title="Lineage">
      <KeyValueTable
        label="Lineage"
        hasShortKeys
        rows={[
          ...(runId === ""
            ? []
            : [{ key: "Run", value: runId, href: `#/experiments/${experimentId}/runs/${runId}` }]),
          ...(modelId === "" ? [] : [{ key: "Logged model", value: modelId, isCopied: true }]),
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

function Findings({ name, version }: { name: string; version: string }) {
  const query = useQuery(listFindings(name, version));

  return (
    <Panel title="Gates and checks">
      {query.isPending && <TableSkeleton rows={2} />}
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && query.data.length === 0 && (
        <p className={classes.none}>
          Nothing has been checked yet:{" "}
          <code>
            fluvial models verify models:/{name}/{version}
          </code>
        </p>
      )}
      {query.isSuccess && query.data.length > 0 && (
        <table className={classes.table} aria-label="Gates and checks">
          <tbody>
            {query.data.map(({ id, what, verdict, summary, by, at }) => (
              <tr key={id}>
                <td>
                  <span className={classes.badge} data-verdict={verdict}>
                    {verdict}
                  </span>
                </td>
                <td>{what}</td>
                <td className={classes.soft}>{summary}</td>
                <td className={classes.soft}>
                  {by}, {formatTime(at)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
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

/** What the model's own files say. */
function FromFiles({ version: { name, version, modelId } }: { version: ModelVersion }) {
  const described = useQuery(getVersionFileText(name, version, "MLmodel"));
  const requirements = useQuery(getVersionFileText(name, version, "requirements.txt"));
  const example = useQuery(getVersionFileText(name, version, "input_example.json"));
  const files = useQuery(listModelFiles(modelId)).data ?? [];

  if (described.isPending) return <TableSkeleton rows={4} />;
  if (described.isError) {
    return <ErrorPanel error={described.error} onRetry={() => void described.refetch()} />;
  }
  const facts = modelFacts(readYaml(described.data ?? ""), []);
  return (
    <>
      <Panel title="Signature">
        {facts.signature.length === 0 && (
          <p className={classes.none}>The model says nothing of its inputs and outputs.</p>
        )}
        {facts.signature.map(({ title, columns }) => (
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
        <Panel title="Example">
          <CodeBlock label="Input example" code={example.data} />
        </Panel>
      )}
      {requirements.data && (
        <Panel title="Environment">
          <CodeBlock label="requirements.txt" code={requirements.data} />
        </Panel>
      )}
      {files.length > 0 && (
        <Panel title="Files" count={files.length}>
          <ul className={classes.files}>
            {files.map((file) => (
              <li key={file.path}>
                {file.isFolder ? (
                  <span>{file.name}/</span>
                ) : (
                  <a href={versionFileUrl(name, version, file.path)} download>
                    {file.name}
                  </a>
                )}
                <span className={classes.soft}>
                  {file.sizeBytes === null ? "" : formatBytes(file.sizeBytes)}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <p className={classes.none}>
        <Link to="/models/$name" params={{ name }}>
          All versions of {name}
        </Link>
      </p>
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
