import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCode, IconDownload } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { artifactUrl, getArtifactText, listArtifacts } from "@/api/artifacts";
import type { Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { SearchInput } from "@/components/search-input";
import { TableSkeleton } from "@/components/table-skeleton";
import { parseRequirements, requirementsHead } from "@/lib/requirements";
import { commitUrl } from "@/lib/source-links";

import classes from "./code-tab.module.css";
import { Patch } from "./patch";

const FOLDER = "fluvial";

/** The code and packages that a run was made with, as far as they were captured. */
export function CodeTab({ run }: { run: Run }) {
  const captured = useQuery(listArtifacts(run.id, FOLDER));

  if (captured.isPending) return <TableSkeleton rows={8} />;
  if (captured.isError) {
    return <ErrorPanel error={captured.error} onRetry={() => void captured.refetch()} />;
  }
  const has = (name: string) => captured.data.some((artifact) => artifact.name === name);
  const commit = run.tags["mlflow.source.git.commit"];
  if (commit === undefined && !has("uncommitted.diff") && !has("requirements.lock")) {
    return (
      <EmptyState
        icon={<IconCode size={28} stroke={1.4} />}
        title="Nothing is known of the code"
        hint="Commit, uncommitted changes and packages are captured by fluvial.start_run() in a repository of git."
      />
    );
  }
  return (
    <div className={classes.code}>
      <div className={classes.main}>
        <Commit run={run} hasDiff={has("uncommitted.diff")} />
        {has("uncommitted.diff") && <Changes runId={run.id} />}
        {has("untracked.txt") && <Untracked runId={run.id} />}
      </div>
      <div className={classes.side}>{has("requirements.lock") && <Packages runId={run.id} />}</div>
    </div>
  );
}

function Commit({ run, hasDiff }: { run: Run; hasDiff: boolean }) {
  const commit = run.tags["mlflow.source.git.commit"];
  const branch = run.tags["mlflow.source.git.branch"];
  if (commit === undefined) return null;
  const url = commitUrl(run.tags["mlflow.source.git.repoURL"] ?? "", commit);
  return (
    <p className={classes.commit}>
      Commit{" "}
      {url === null ? (
        <code>{commit}</code>
      ) : (
        <a href={url} target="_blank" rel="noopener noreferrer">
          <code>{commit}</code>
        </a>
      )}
      {branch !== undefined && <> on {branch}</>}
      {hasDiff ? ", with the changes below." : ", with no changes to tracked files."}
    </p>
  );
}

function Changes({ runId }: { runId: string }) {
  const path = `${FOLDER}/uncommitted.diff`;
  const patch = useQuery(getArtifactText(runId, path));

  if (patch.isPending) return <TableSkeleton rows={8} />;
  if (patch.isError) return <ErrorPanel error={patch.error} onRetry={() => void patch.refetch()} />;
  return (
    <Panel
      title="Uncommitted changes"
      tools={
        <Button
          component="a"
          href={artifactUrl(runId, path)}
          download="uncommitted.diff"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
        >
          Patch
        </Button>
      }
    >
      <Patch text={patch.data} />
    </Panel>
  );
}

function Untracked({ runId }: { runId: string }) {
  const names = useQuery(getArtifactText(runId, `${FOLDER}/untracked.txt`));

  if (names.isPending) return <TableSkeleton rows={2} />;
  if (names.isError) return <ErrorPanel error={names.error} onRetry={() => void names.refetch()} />;
  return (
    <Panel title="Files that git did not know">
      <p className={classes.hint}>Only their names were kept.</p>
      <ul className={classes.names}>
        {names.data
          .split("\n")
          .filter((name) => name !== "")
          .map((name) => (
            <li key={name}>{name}</li>
          ))}
      </ul>
    </Panel>
  );
}

function Packages({ runId }: { runId: string }) {
  const [search, setSearch] = useState("");
  const lock = useQuery(getArtifactText(runId, `${FOLDER}/requirements.lock`));
  const packages = useMemo(() => parseRequirements(lock.data ?? ""), [lock.data]);

  if (lock.isPending) return <TableSkeleton rows={8} />;
  if (lock.isError) return <ErrorPanel error={lock.error} onRetry={() => void lock.refetch()} />;
  const shown = packages.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Panel
      title="Packages"
      count={packages.length}
      tools={
        <SearchInput
          label="Search packages"
          placeholder="Search"
          width={150}
          value={search}
          onChange={setSearch}
        />
      }
    >
      <KeyValueTable
        label="Packages"
        rows={shown.map(({ name, version }) => ({ key: name, value: version }))}
        empty="No packages match."
      />
      <p className={classes.hint}>{requirementsHead(lock.data)}</p>
    </Panel>
  );
}
