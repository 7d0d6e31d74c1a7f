import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { parse } from "yaml";
import { useMemo } from "react";

import { getArtifactText, listArtifacts } from "@/api/artifacts";
import { CodeView } from "@/components/code-view";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { codeLanguage } from "@/lib/artifact-kind";
import { modelFacts } from "@/lib/mlmodel";

import classes from "./model-view.module.css";

interface ModelViewProps {
  runId: string;
  /** Of the MLmodel file, in the model's folder. */
  path: string;
  text: string;
  onPath: (path: string) => void;
}

/** A model's folder: what can load it, what goes in and comes out, in which environment it runs. */
export function ModelView({ runId, path, text, onPath }: ModelViewProps) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const siblings = useQuery(listArtifacts(runId, folder));
  const document = useMemo(() => readYaml(text), [text]);

  if (siblings.isPending) return <TableSkeleton rows={6} />;
  if (siblings.isError) {
    return <ErrorPanel error={siblings.error} onRetry={() => void siblings.refetch()} />;
  }
  if (document === null) {
    return <EmptyState title="This is no YAML" hint="Look at the source." />;
  }
  const model = modelFacts(
    document,
    siblings.data.map(({ name }) => name),
  );
  return (
    <div className={classes.model}>
      {model.facts.length > 0 && (
        <Panel title="Model">
          <KeyValueTable label="Model" rows={model.facts} empty="" />
        </Panel>
      )}
      <Panel title="Signature">
        {model.signature.length === 0 && (
          <p className={classes.none}>
            The model says nothing of its inputs and outputs: log it with a signature or an example.
          </p>
        )}
        {model.signature.map(({ title, columns }) => (
          <div key={title} className={classes.part}>
            <h3 className={classes.title}>{title}</h3>
            <KeyValueTable
              label={title}
              rows={columns.map(({ name, type, isRequired }) => ({
                key: name,
                value: type,
                detail: isRequired ? "" : "optional",
              }))}
              empty=""
            />
          </div>
        ))}
      </Panel>
      <Panel title="Flavors" count={model.flavors.length}>
        {model.flavors.map(({ name, facts }) => (
          <div key={name} className={classes.part}>
            <h3 className={classes.title}>{name}</h3>
            <KeyValueTable label={name} rows={facts} empty="No settings." />
          </div>
        ))}
      </Panel>
      {model.environment.map((file) => (
        <Panel
          key={file}
          title={file}
          tools={
            <UnstyledButton className={classes.link} onClick={() => onPath(join(folder, file))}>
              Open
            </UnstyledButton>
          }
        >
          <EnvironmentFile runId={runId} path={join(folder, file)} name={file} />
        </Panel>
      ))}
    </div>
  );
}

function EnvironmentFile({ runId, path, name }: { runId: string; path: string; name: string }) {
  const query = useQuery(getArtifactText(runId, path));

  if (query.isPending) return <TableSkeleton rows={3} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={classes.file}>
      <CodeView label={name} text={query.data} language={codeLanguage(name)} />
    </div>
  );
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function readYaml(text: string): object | null {
  try {
    const document: unknown = parse(text);
    return document !== null && typeof document === "object" ? document : null;
  } catch {
    return null;
  }
}
