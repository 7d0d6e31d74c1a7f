import { ActionIcon, Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconArrowBackUp, IconArrowsLeftRight, IconTrash, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { deleteRuns, restoreRuns } from "@/api/runs";
import { notifyError, notifyUndo } from "@/components/notify";
import { formatPlural } from "@/lib/format";

import classes from "./selection-bar.module.css";

interface SelectionBarProps {
  experimentId: string;
  selected: readonly string[];
  isDeletedView: boolean;
  onClear: () => void;
}

/** What can be done with the selected runs. */
export function SelectionBar({
  experimentId,
  selected,
  isDeletedView,
  onClear,
}: SelectionBarProps) {
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(
      ["runs", "experiments"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
    );

  const remove = async () => {
    await deleteRuns(selected);
    notifyUndo(`${formatPlural(selected.length, "run")} moved to the trash`, async () => {
      await restoreRuns(selected);
      await refresh();
    });
    onClear();
    await refresh();
  };
  const restore = async () => {
    await restoreRuns(selected);
    notifyUndo(`${formatPlural(selected.length, "run")} restored`, async () => {
      await deleteRuns(selected);
      await refresh();
    });
    onClear();
    await refresh();
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected runs">
      <span className={classes.count}>{selected.length} selected</span>
      {isDeletedView ? (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => void restore().catch(notifyError)}
        >
          Restore
        </Button>
      ) : (
        <>
          <Button
            leftSection={<IconArrowsLeftRight size={15} />}
            renderRoot={(props) => (
              <Link
                {...props}
                to="/experiments/$experimentId/compare"
                params={{ experimentId }}
                search={{ runs: selected.join(",") }}
              />
            )}
          >
            Compare
          </Button>
          <Button
            variant="default"
            leftSection={<IconTrash size={15} />}
            onClick={() => void remove().catch(notifyError)}
          >
            Delete
          </Button>
        </>
      )}
      <ActionIcon aria-label="Clear the selection" onClick={onClear}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
