import { ActionIcon, Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import {
  IconArrowBackUp,
  IconDots,
  IconFolderSymlink,
  IconGitFork,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";

import { Menu } from "@/components/menu";
import { deleteRuns, restoreRuns } from "@/api/run-edits";
import { deleteRunTag, STOP_TAG, stopRun, type Run } from "@/api/runs";
import { loaded } from "@/components/loaded";
import { notifyError, notifyUndo } from "@/components/notify";

import { ContinueDialog } from "./continue-dialog";
import { ForkDialog } from "./fork-dialog";
import { ReproduceDialog } from "./reproduce-dialog";
import classes from "./run-header.module.css";

const MoveDialog = loaded(async () => (await import("./move-dialog")).MoveDialog);

type Dialog = "continue" | "fork" | "move" | "reproduce";

/** What can be done with a run as a whole. */
export function RunActions({ run }: { run: Run }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const queries = useQueryClient();
  const refresh = async () => {
    await Promise.all(
      ["runs", "experiments"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
    );
  };
  const restore = async () => {
    await restoreRuns([run.id]);
    await refresh();
  };
  const remove = async () => {
    await deleteRuns([run.id]);
    notifyUndo(`“${run.name}” is in the trash`, restore);
    await refresh();
  };
  const stop = async () => {
    await stopRun(run.id);
    notifyUndo("The program is asked to stop; it hears of it within half a minute", async () => {
      await deleteRunTag(run.id, STOP_TAG);
      await refresh();
    });
    await refresh();
  };
  const close = () => setDialog(null);

  if (run.lifecycleStage === "deleted") {
    return (
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={15} />}
        onClick={() => void restore().catch(notifyError)}
      >
        Restore
      </Button>
    );
  }
  const canStop = run.status === "RUNNING" && run.tags[STOP_TAG] === undefined;
  return (
    <div className={classes.actions}>
      {canStop && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} />}
          onClick={() => void stop().catch(notifyError)}
        >
          Stop
        </Button>
      )}
      <Button
        className={classes.wide ?? ""}
        variant="default"
        leftSection={<IconRefresh size={15} />}
        onClick={() => setDialog("reproduce")}
      >
        Reproduce
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={30} variant="default" aria-label="Actions for the run">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlayerPlay size={15} />}
            onClick={() => setDialog("continue")}
          >
            Continue…
          </Menu.Item>
          <Menu.Item leftSection={<IconGitFork size={15} />} onClick={() => setDialog("fork")}>
            Fork…
          </Menu.Item>
          <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => setDialog("reproduce")}>
            Reproduce…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolderSymlink size={15} />}
            onClick={() => setDialog("move")}
          >
            Move…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} />}
            onClick={() => void remove().catch(notifyError)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "continue" && <ContinueDialog run={run} onClose={close} />}
      {dialog === "fork" && <ForkDialog run={run} onClose={close} />}
      {dialog === "move" && (
        <MoveDialog
          fromId={run.experimentId}
          nRuns={1}
          findIds={async () => [run.id]}
          onDone={refresh}
          onClose={close}
        />
      )}
      {dialog === "reproduce" && <ReproduceDialog run={run} onClose={close} />}
    </div>
  );
}
