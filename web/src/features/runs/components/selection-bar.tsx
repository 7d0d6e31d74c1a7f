import { ActionIcon, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  IconArrowBackUp,
  IconArrowsLeftRight,
  IconDownload,
  IconFolderSymlink,
  IconTag,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { deleteRuns, restoreRuns } from "@/api/run-edits";
import { findRunIds, type TableRequest } from "@/api/run-rows";
import { usePageKeys } from "@/components/keys";
import { loaded } from "@/components/loaded";
import { Menu } from "@/components/menu";
import { notifyError, notifyUndo } from "@/components/notify";
import { formatCount, formatPlural } from "@/lib/format";
import { countSelected, type Selection } from "@/lib/run-selection";
import type { RunColumn } from "@/lib/run-columns";

import { exportRuns, type FileKind } from "../export-runs";
import classes from "./selection-bar.module.css";

const TagDialog = loaded(async () => (await import("./tag-dialog")).TagDialog);
const MoveDialog = loaded(async () => (await import("./move-dialog")).MoveDialog);

interface SelectionBarProps {
  experimentId: string;
  request: TableRequest;
  columns: readonly RunColumn[];
  selection: Selection;
  /** How many runs match. */
  nRuns: number;
  onSelectAll: () => void;
  onClear: () => void;
}

/** More runs than these side by side tell nobody anything. */
const MOST_COMPARED = 100;

/** What can be done with the selected runs. */
export function SelectionBar(props: SelectionBarProps) {
  const { experimentId, request, columns, selection, nRuns, onSelectAll, onClear } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"tag" | "move" | null>(null);
  const isDeletedView = request.viewType === "DELETED_ONLY";
  const nSelected = countSelected(selection, nRuns);
  const refresh = () =>
    Promise.all(
      ["runs", "experiments"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
    );
  const findIds = async () => {
    if (!selection.isAll) return [...selection.ids];
    const ids = await findRunIds(request);
    return ids.filter((id) => !selection.ids.has(id));
  };

  const trash = useMutation({
    onError: notifyError,
    mutationFn: async () => {
      const ids = await findIds();
      const [there, back, done] = isDeletedView
        ? ([restoreRuns, deleteRuns, "restored"] as const)
        : ([deleteRuns, restoreRuns, "moved to the trash"] as const);
      await there(ids);
      notifyUndo(`${formatPlural(ids.length, "run")} ${done}`, async () => {
        await back(ids);
        await refresh();
      });
      onClear();
      await refresh();
    },
  });
  const save = useMutation({
    onError: notifyError,
    mutationFn: async (kind: FileKind) =>
      exportRuns(kind, request, columns, isWhole(selection) ? null : await findIds()),
  });

  const canCompare = !isDeletedView && !selection.isAll && nSelected <= MOST_COMPARED;
  const compare = {
    to: "/experiments/$experimentId/compare",
    params: { experimentId },
    search: { runs: [...selection.ids].join(",") },
  } as const;
  usePageKeys([
    ...(canCompare
      ? [
          {
            keys: ["C"],
            meaning: "Compare the selected runs",
            hotkey: "C",
            run: () => void navigate(compare),
          },
        ]
      : []),
    ...(isDeletedView
      ? []
      : [
          {
            keys: ["Del"],
            meaning: "Move the selected runs to the trash",
            hotkey: "Delete",
            run: () => dialog === null && !trash.isPending && trash.mutate(),
          },
        ]),
  ]);

  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected runs">
      <span className={classes.count}>{formatCount(nSelected)} selected</span>
      {nSelected < nRuns && (
        <Button variant="subtle" onClick={onSelectAll}>
          Select all {formatCount(nRuns)} that match
        </Button>
      )}
      {isDeletedView ? (
        <Button
          variant="default"
          loading={trash.isPending}
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => trash.mutate()}
        >
          Restore
        </Button>
      ) : (
        <>
          {canCompare && (
            <Button
              leftSection={<IconArrowsLeftRight size={15} />}
              renderRoot={(root) => <Link {...root} {...compare} />}
            >
              Compare
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconTag size={15} />}
            onClick={() => setDialog("tag")}
          >
            Tag
          </Button>
          <Button
            variant="default"
            leftSection={<IconFolderSymlink size={15} />}
            onClick={() => setDialog("move")}
          >
            Move
          </Button>
          <Menu width={180}>
            <Menu.Target>
              <Button
                variant="default"
                loading={save.isPending}
                leftSection={<IconDownload size={15} />}
              >
                Export
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => save.mutate("csv")}>CSV</Menu.Item>
              <Menu.Item onClick={() => save.mutate("parquet")}>Parquet</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button
            variant="default"
            loading={trash.isPending}
            leftSection={<IconTrash size={15} />}
            onClick={() => trash.mutate()}
          >
            Delete
          </Button>
        </>
      )}
      <ActionIcon aria-label="Clear the selection" onClick={onClear}>
        <IconX size={16} />
      </ActionIcon>
      {dialog === "move" && (
        <MoveDialog
          fromId={request.experimentIds.length === 1 ? experimentId : null}
          nRuns={nSelected}
          findIds={findIds}
          onDone={async () => {
            onClear();
            await refresh();
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "tag" && (
        <TagDialog
          experimentIds={request.experimentIds}
          nRuns={nSelected}
          findIds={findIds}
          onDone={refresh}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

function isWhole({ isAll, ids }: Selection): boolean {
  return isAll && ids.size === 0;
}
