import { ActionIcon, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconArrowBackUp, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import {
  deleteExperiment,
  NOTE_TAG,
  restoreExperiment,
  type ExperimentOverview,
} from "@/api/experiments";
import { Age } from "@/components/age";
import { notifyError, notifyUndo } from "@/components/notify";
import { formatCount } from "@/lib/format";

import classes from "./experiments-table.module.css";
import { ExperimentNameDialog } from "./experiment-name-dialog";

interface ExperimentRowProps {
  overview: ExperimentOverview;
  isDeleted: boolean;
}

export function ExperimentRow({ overview, isDeleted }: ExperimentRowProps) {
  const { experiment, nRuns, nRunning, lastStartTime } = overview;
  const [isRenaming, setIsRenaming] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => queries.invalidateQueries({ queryKey: ["experiments"] });
  const note = experiment.tags[NOTE_TAG];

  const restore = async () => {
    await restoreExperiment(experiment.id);
    await refresh();
  };
  const remove = async () => {
    await deleteExperiment(experiment.id);
    notifyUndo(`“${experiment.name}” is in the trash`, restore);
    await refresh();
  };

  return (
    <div
      role="row"
      tabIndex={0}
      data-row
      className={classes.row}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.target !== event.currentTarget) return;
        void navigate({
          to: "/experiments/$experimentId",
          params: { experimentId: experiment.id },
        });
      }}
    >
      <span role="cell" className={classes.name}>
        <Link to="/experiments/$experimentId" params={{ experimentId: experiment.id }}>
          {experiment.name}
        </Link>
        {note !== undefined && note !== "" && (
          <span className={classes.note}>{firstLine(note)}</span>
        )}
      </span>
      <span role="cell" className={classes.number}>
        {formatCount(nRuns)}
        {nRunning > 0 && <span className={classes.running}>{formatCount(nRunning)} running</span>}
      </span>
      <span role="cell" className={classes.wide}>
        <Age time={lastStartTime} />
      </span>
      <span role="cell" className={classes.wide}>
        <Age time={experiment.updatedAt} />
      </span>
      <span role="cell" className={classes.wide}>
        <Age time={experiment.createdAt} />
      </span>
      <span role="cell">
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${experiment.name}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {isDeleted ? (
              <Menu.Item
                leftSection={<IconArrowBackUp size={15} />}
                onClick={() => void restore().catch(notifyError)}
              >
                Restore
              </Menu.Item>
            ) : (
              <>
                <Menu.Item
                  leftSection={<IconPencil size={15} />}
                  onClick={() => setIsRenaming(true)}
                >
                  Rename
                </Menu.Item>
                <Menu.Item
                  color="red"
                  leftSection={<IconTrash size={15} />}
                  onClick={() => void remove().catch(notifyError)}
                >
                  Delete
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </span>
      {isRenaming && (
        <ExperimentNameDialog experiment={experiment} onClose={() => setIsRenaming(false)} />
      )}
    </div>
  );
}

function firstLine(markdown: string): string {
  const line = markdown.split("\n").find((part) => part.trim() !== "") ?? "";
  return line.replace(/^#+\s*/, "").replace(/[*_`]/g, "");
}
