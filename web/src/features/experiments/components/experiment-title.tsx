import { ActionIcon, Skeleton } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { IconNotes, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { Tooltip } from "@/components/tooltip";
import { getExperiment } from "@/api/experiments";
import { CopyButton } from "@/components/copy-button";
import { loaded } from "@/components/loaded";

import classes from "./experiment-title.module.css";

const ExperimentDetailsDialog = loaded(
  async () => (await import("./experiment-details-dialog")).ExperimentDetailsDialog,
);
const ExperimentNameDialog = loaded(
  async () => (await import("./experiment-name-dialog")).ExperimentNameDialog,
);

/** The name of an experiment, or of several between commas, with the way back to all of them. */
export function ExperimentTitle({ experimentId }: { experimentId: string }) {
  const ids = experimentId.split(",");
  return ids.length > 1 ? <SeveralTitles ids={ids} /> : <OneTitle experimentId={experimentId} />;
}

function SeveralTitles({ ids }: { ids: readonly string[] }) {
  const names = useQueries({
    queries: ids.map((id) => getExperiment(id)),
    combine: (results) => results.map(({ data }, at) => data?.name ?? ids[at] ?? ""),
  });
  useEffect(() => {
    document.title = `${names.length} experiments · fluvial`;
  }, [names.length]);

  return (
    <div className={classes.title}>
      <Link to="/experiments" className={classes.up}>
        Experiments
      </Link>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      <h1 className={classes.name} title={names.join("\n")}>
        {names.join(", ")}
      </h1>
    </div>
  );
}

function OneTitle({ experimentId }: { experimentId: string }) {
  const query = useQuery(getExperiment(experimentId));
  const [dialog, setDialog] = useState<"name" | "details" | null>(null);
  const close = () => setDialog(null);
  const name = query.data?.name;
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · fluvial`;
  }, [name]);

  return (
    <div className={classes.title}>
      <Link to="/experiments" className={classes.up}>
        Experiments
      </Link>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      {query.isPending && <Skeleton height={14} width={140} />}
      {query.isError && <h1 className={classes.name}>Experiment {experimentId}</h1>}
      {query.isSuccess && (
        <>
          <h1 className={classes.name}>{query.data.name}</h1>
          <Tooltip label="Rename">
            <ActionIcon
              size="sm"
              aria-label="Rename the experiment"
              onClick={() => setDialog("name")}
            >
              <IconPencil size={14} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Notes and tags">
            <ActionIcon
              size="sm"
              aria-label="Notes and tags of the experiment"
              onClick={() => setDialog("details")}
            >
              <IconNotes size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <CopyButton text={experimentId} label={`Copy the id, ${experimentId}`} />
          {dialog === "name" && <ExperimentNameDialog experiment={query.data} onClose={close} />}
          {dialog === "details" && (
            <ExperimentDetailsDialog experiment={query.data} onClose={close} />
          )}
        </>
      )}
    </div>
  );
}
