import { ActionIcon } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconArrowBackUp, IconDots, IconNotes, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { Menu } from "@/components/menu";
import {
  deleteExperiment,
  NOTE_TAG,
  restoreExperiment,
  type ExperimentOverview,
} from "@/api/experiments";
import { Age } from "@/components/age";
import { notifyError, notifyUndo } from "@/components/notify";
import { PinButton } from "@/components/pins";
import { identifier, quote } from "@/lib/filter-text";
import { formatCount } from "@/lib/format";

import { ownTags } from "../own-tags";
import classes from "./experiments-table.module.css";
import { ExperimentDetailsDialog } from "./experiment-details-dialog";
import { ExperimentNameDialog } from "./experiment-name-dialog";
import { INDENT } from "./folder-row";

interface ExperimentRowProps {
  overview: ExperimentOverview;
  /** Its name within the folder that it is in. */
  title: string;
  depth: number;
  isDeleted: boolean;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  onSearch: (text: string) => void;
}

const MOST_TAGS = 3;

export function ExperimentRow(props: ExperimentRowProps) {
  const { overview, title, depth, isDeleted, isChosen, onChoose, onSearch } = props;
  const { experiment, nRuns, nRunning, lastActivityTime } = overview;
  const [isDescribing, setIsDescribing] = useState(false);
  const [isRenaming, setIsRenaming] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => queries.invalidateQueries({ queryKey: ["experiments"] });
  const note = experiment.tags[NOTE_TAG];
  const tags = ownTags(experiment);

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
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter") {
          void navigate({
            to: "/experiments/$experimentId",
            params: { experimentId: experiment.id },
          });
        } else if (event.key === " ") onChoose(!isChosen);
        else if (event.key === "F2" && !isDeleted) setIsRenaming(true);
        else if (event.key === "Delete" && !isDeleted) void remove().catch(notifyError);
        else return;
        event.preventDefault();
      }}
    >
      <span role="cell" className={classes.name} style={{ paddingLeft: depth * INDENT }}>
        <input
          type="checkbox"
          className={classes.check}
          aria-label={`Select ${experiment.name}`}
          checked={isChosen}
          onChange={() => onChoose(!isChosen)}
        />
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: experiment.id }}
          title={experiment.name}
        >
          {title}
        </Link>
        {tags.slice(0, MOST_TAGS).map(([key, value]) => (
          <button
            key={key}
            type="button"
            className={classes.tag}
            title={`Show experiments with ${key} ${value}`}
            onClick={() => onSearch(`${identifier("tags", key)} = ${quote(value)}`)}
          >
            {key}: {value}
          </button>
        ))}
        {note !== undefined && note !== "" && (
          <span className={classes.note}>{firstLine(note)}</span>
        )}
      </span>
      <span role="cell" className={classes.number}>
        {formatCount(nRuns)}
        {nRunning > 0 && <span className={classes.running}>{formatCount(nRunning)} running</span>}
      </span>
      <span role="cell" className={classes.wide}>
        <Age time={lastActivityTime} />
      </span>
      <span role="cell" className={classes.wide}>
        <Age time={experiment.createdAt} />
      </span>
      <span role="cell" className={classes.actions}>
        <PinButton
          pin={{
            kind: "experiment",
            id: experiment.id,
            experimentId: experiment.id,
            name: experiment.name,
          }}
        />
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
                  leftSection={<IconNotes size={15} />}
                  onClick={() => setIsDescribing(true)}
                >
                  Notes and tags
                </Menu.Item>
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
      {isDescribing && (
        <ExperimentDetailsDialog experiment={experiment} onClose={() => setIsDescribing(false)} />
      )}
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
