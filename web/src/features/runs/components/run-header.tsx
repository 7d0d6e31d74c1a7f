import { ActionIcon, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconGitCommit, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode, type SubmitEvent } from "react";

import { getExperiment } from "@/api/experiments";
import { getRun, renameRun, STOP_TAG, type Run } from "@/api/runs";
import { Age } from "@/components/age";
import { CopyButton } from "@/components/copy-button";
import { Duration } from "@/components/duration";
import { usePageKeys } from "@/components/keys";
import { notifyError } from "@/components/notify";
import { RunDot } from "@/components/run-dot";
import { StatusBadge } from "@/components/status-badge";
import type { RunColor } from "@/lib/run-colors";
import { commitUrl } from "@/lib/source-links";

import { RunActions } from "./run-actions";
import classes from "./run-header.module.css";

export function RunHeader({ run, color }: { run: Run; color: RunColor | undefined }) {
  const commit = run.tags["mlflow.source.git.commit"];
  const source = run.tags["mlflow.source.name"];

  return (
    <header className={classes.header}>
      <Path run={run} />
      <div className={classes.line}>
        <RunDot color={color} />
        <RunName run={run} />
        <CopyButton text={run.id} label="Copy the run's id" />
        {run.lifecycleStage === "deleted" && <span className={classes.deleted}>Deleted</span>}
        <RunActions run={run} />
      </div>
      <dl className={classes.facts}>
        <Fact label="Status">
          <StatusBadge status={run.status} />
          <Reason run={run} />
        </Fact>
        <Fact label="Started">
          <Age time={run.startTime} />
        </Fact>
        <Fact label="Duration">
          <Duration startTime={run.startTime} endTime={run.endTime} />
        </Fact>
        {run.user !== "" && <Fact label="User">{run.user}</Fact>}
        {source !== undefined && (
          <Fact label="Source">
            <span title={source}>{source.slice(source.lastIndexOf("/") + 1)}</span>
          </Fact>
        )}
        {commit !== undefined && (
          <Fact label="Commit">
            <Commit commit={commit} remote={run.tags["mlflow.source.git.repoURL"] ?? ""} />
          </Fact>
        )}
      </dl>
    </header>
  );
}

/** Why the status is what it is, where somebody or something other than the program set it. */
function Reason({ run }: { run: Run }) {
  const asked = run.tags[STOP_TAG];
  const reason = run.tags["fluvial.status_reason"];
  if (asked !== undefined && run.status === "RUNNING") {
    return (
      <span className={classes.reason}>
        stop asked for <Age time={Number(asked)} />
      </span>
    );
  }
  if (asked !== undefined && run.status === "KILLED") {
    return <span className={classes.reason}>stopped as asked here</span>;
  }
  if (reason === undefined) return null;
  return (
    <span className={classes.reason} title={reason}>
      {reason}
    </span>
  );
}

function Commit({ commit, remote }: { commit: string; remote: string }) {
  const url = commitUrl(remote, commit);
  const shown = (
    <>
      <IconGitCommit size={14} aria-hidden />
      {commit.slice(0, 7)}
    </>
  );
  if (url === null) {
    return (
      <span className={classes.commit} title={commit}>
        {shown}
      </span>
    );
  }
  return (
    <a
      className={classes.commit}
      href={url}
      title={commit}
      target="_blank"
      rel="noopener noreferrer"
    >
      {shown}
    </a>
  );
}

function Path({ run }: { run: Run }) {
  const experiment = useQuery(getExperiment(run.experimentId));
  const parent = useQuery({ ...getRun(run.parentId ?? ""), enabled: run.parentId !== null });

  return (
    <nav aria-label="Path" className={classes.path}>
      <Link to="/experiments">Experiments</Link>
      <span aria-hidden>/</span>
      <Link to="/experiments/$experimentId" params={{ experimentId: run.experimentId }}>
        {experiment.data?.name ?? `Experiment ${run.experimentId}`}
      </Link>
      {run.parentId !== null && (
        <>
          <span aria-hidden>/</span>
          <Link
            to="/experiments/$experimentId/runs/$runId"
            params={{ experimentId: run.experimentId, runId: run.parentId }}
          >
            {parent.data?.name ?? "parent run"}
          </Link>
        </>
      )}
    </nav>
  );
}

function RunName({ run }: { run: Run }) {
  const [draft, setDraft] = useState<string | null>(null);
  const queries = useQueryClient();

  const save = async () => {
    if (draft === null) return;
    setDraft(null);
    const name = draft.trim();
    if (name === "" || name === run.name) return;
    await renameRun(run.id, name);
    await queries.invalidateQueries({ queryKey: ["runs"] });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save().catch(notifyError);
  };

  usePageKeys([
    { keys: ["F2"], meaning: "Rename the run", hotkey: "F2", run: () => setDraft(run.name) },
  ]);

  if (draft === null) {
    return (
      <>
        <h1 className={classes.name}>{run.name}</h1>
        <ActionIcon size="sm" aria-label="Rename the run" onClick={() => setDraft(run.name)}>
          <IconPencil size={14} stroke={1.6} />
        </ActionIcon>
      </>
    );
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        w={280}
        aria-label="Name of the run"
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => void save().catch(notifyError)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setDraft(null);
        }}
      />
    </form>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
