import { useQuery } from "@tanstack/react-query";

import { getArtifactTextIfAny } from "@/api/artifacts";
import type { Run } from "@/api/runs";
import { ErrorPanel } from "@/components/error-panel";
import { MergeView } from "@/components/merge-view";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { diffPackages } from "@/lib/package-diff";
import { parseRequirements } from "@/lib/requirements";

import classes from "./compare.module.css";

const LOCK = "fluvial/requirements.lock";
const PATCH = "fluvial/uncommitted.diff";
const TAGS: [tag: string, title: string][] = [
  ["mlflow.source.name", "Source"],
  ["fluvial.command", "Command"],
  ["mlflow.source.git.commit", "Commit"],
  ["mlflow.source.git.branch", "Branch"],
  ["fluvial.python", "Python"],
  ["fluvial.host", "Host"],
  ["fluvial.platform", "Platform"],
  ["fluvial.client", "Client"],
];

/** In what the code and the environment of two runs differ. */
export function CodeDifference({ a, b, showsAll }: { a: Run; b: Run; showsAll: boolean }) {
  const captured = Object.keys({ ...a.tags, ...b.tags })
    .filter((tag) => /^fluvial\.(?:env|seed)\./.test(tag))
    .sort()
    .map((tag): [string, string] => [tag, tag.slice("fluvial.".length)]);
  const rows = [...TAGS, ...captured]
    .map(([tag, name]) => ({ name, before: a.tags[tag] ?? "", after: b.tags[tag] ?? "" }))
    .filter(({ before, after }) => (showsAll ? before + after !== "" : before !== after));

  return (
    <>
      <Panel title="Source and environment">
        <Changes rows={rows} a={a} b={b} label="Source and environment" />
      </Panel>
      <Packages a={a} b={b} />
      <Patches a={a} b={b} />
    </>
  );
}

function Packages({ a, b }: { a: Run; b: Run }) {
  const before = useQuery(getArtifactTextIfAny(a.id, LOCK));
  const after = useQuery(getArtifactTextIfAny(b.id, LOCK));

  if (before.isPending || after.isPending) return <TableSkeleton rows={4} />;
  const failed = [before, after].find((query) => query.isError);
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  const lacks = [a, b].filter((_, at) => [before, after][at]?.data === null);
  const rows = diffPackages(
    parseRequirements(before.data ?? ""),
    parseRequirements(after.data ?? ""),
  );
  return (
    <Panel title="Packages" {...(lacks.length === 0 ? { count: rows.length } : {})}>
      {lacks.length > 0 ? (
        <p className={classes.hint}>
          {lacks.map((run) => run.name).join(" and ")} kept no list of packages.
        </p>
      ) : (
        <Changes rows={rows} a={a} b={b} label="Packages" />
      )}
    </Panel>
  );
}

function Patches({ a, b }: { a: Run; b: Run }) {
  const before = useQuery(getArtifactTextIfAny(a.id, PATCH));
  const after = useQuery(getArtifactTextIfAny(b.id, PATCH));

  if (before.isPending || after.isPending) return <TableSkeleton rows={4} />;
  const failed = [before, after].find((query) => query.isError);
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  const isNone = before.data === null && after.data === null;
  return (
    <Panel title="Uncommitted changes">
      {isNone ? (
        <p className={classes.hint}>Neither run had any.</p>
      ) : (
        <MergeView
          label="Uncommitted changes"
          before={before.data ?? ""}
          after={after.data ?? ""}
          language="text"
        />
      )}
    </Panel>
  );
}

interface ChangesProps {
  rows: readonly { name: string; before: string; after: string }[];
  a: Run;
  b: Run;
  label: string;
}

function Changes({ rows, a, b, label }: ChangesProps) {
  if (rows.length === 0) return <p className={classes.hint}>They are the same.</p>;
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.figures}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">{a.name}</th>
            <th scope="col">{b.name}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, before, after }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td title={before}>{before || "–"}</td>
              <td title={after}>{after || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
