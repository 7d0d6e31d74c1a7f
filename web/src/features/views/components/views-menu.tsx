import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  IconBookmark,
  IconCheck,
  IconDeviceFloppy,
  IconDownload,
  IconFileText,
  IconHome,
  IconPencil,
  IconPlus,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";

import { Menu } from "@/components/menu";
import {
  createView,
  deleteView,
  listViews,
  restoreView,
  updateView,
  type SavedView,
} from "@/api/saved-views";
import { loaded } from "@/components/loaded";
import { notifyError, notifyUndo } from "@/components/notify";
import { isSameState, type ViewState } from "@/lib/view-state";

import classes from "./views-menu.module.css";

interface ViewsMenuProps {
  experimentId: string;
  /** The id of the view that the page shows; "" for none. */
  shownId: string;
  /** What the page shows now. */
  state: ViewState;
  /** What the page would show with a view. */
  stateOf: (view: SavedView) => ViewState;
  onShow: (view: SavedView | null) => void;
  /** Writes what is shown to one file that needs no server; `name` is that of the view, or "". */
  onExport: (name: string) => void;
  /** Begins a report with what is shown. */
  onReport: (name: string) => void;
}

const NameDialog = loaded(async () => (await import("@/components/name-dialog")).NameDialog);

/** The named views of an experiment: choose, save, rename, delete, and which one it opens with. */
export function ViewsMenu({
  experimentId,
  shownId,
  state,
  stateOf,
  onShow,
  onExport,
  onReport,
}: ViewsMenuProps) {
  const query = useQuery(listViews(experimentId));
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<"save" | "rename" | null>(null);

  const views = query.data ?? [];
  const shown = views.find(({ id }) => id === shownId);
  const isChanged = shown !== undefined && !isSameState(state, stateOf(shown));
  const refresh = () => queries.invalidateQueries({ queryKey: ["views", experimentId] });

  const attempt = (work: Promise<unknown>) => {
    work.catch(notifyError).finally(() => void refresh());
  };
  const remove = async (view: SavedView) => {
    await deleteView(view);
    onShow(null);
    notifyUndo(`The view ${view.name} is deleted`, async () => {
      await restoreView(view);
      await refresh();
    });
  };
  const save = async (view: SavedView) => {
    const saved = await updateView(view, { state });
    notifyUndo(`The view ${view.name} is saved`, async () => {
      await updateView(saved, { state: view.state });
      await refresh();
    });
  };
  const saveAs = async (name: string) => {
    const view = await createView(experimentId, name, state);
    await refresh();
    onShow(view);
  };
  const rename = async (view: SavedView, name: string) => {
    await updateView(view, { name });
    await refresh();
  };

  return (
    <>
      <Menu position="bottom-end" width={270}>
        <Menu.Target>
          <Button
            variant={shown === undefined ? "default" : "light"}
            leftSection={<IconBookmark size={15} />}
          >
            <span className={classes.name}>{shown?.name ?? "Views"}</span>
            {isChanged && <span className={classes.changed} role="img" aria-label="changed" />}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={shown === undefined ? <IconCheck size={14} /> : <Blank />}
            onClick={() => onShow(null)}
          >
            All runs
          </Menu.Item>
          <div className={classes.list}>
            {views.map((view) => (
              <Menu.Item
                key={view.id}
                leftSection={view === shown ? <IconCheck size={14} /> : <Blank />}
                rightSection={
                  view.isDefault ? <span className={classes.default}>opens first</span> : null
                }
                disabled={!view.isReadable}
                title={`Saved by ${view.updatedBy}`}
                onClick={() => onShow(view)}
              >
                {view.name}
              </Menu.Item>
            ))}
          </div>
          {query.isError && <Menu.Label>{query.error.message}</Menu.Label>}
          {query.isSuccess && views.length === 0 && (
            <Menu.Label>
              A view keeps filter, order, columns and charts for everybody here.
            </Menu.Label>
          )}
          <Menu.Divider />
          {shown !== undefined && (
            <>
              <Menu.Item
                leftSection={<IconDeviceFloppy size={15} />}
                disabled={!isChanged}
                onClick={() => attempt(save(shown))}
              >
                Save
              </Menu.Item>
              <Menu.Item
                leftSection={<IconRestore size={15} />}
                disabled={!isChanged}
                onClick={() => onShow(shown)}
              >
                Drop the changes
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setDialog("save")}>
            Save as a new view…
          </Menu.Item>
          {shown !== undefined && (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDialog("rename")}>
                Rename…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconHome size={15} />}
                onClick={() => attempt(updateView(shown, { isDefault: !shown.isDefault }))}
              >
                {shown.isDefault ? "Do not open with it" : "Open the experiment with it"}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={15} />}
                color="red"
                onClick={() => attempt(remove(shown))}
              >
                Delete
              </Menu.Item>
            </>
          )}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconDownload size={15} />}
            onClick={() => onExport(shown?.name ?? "")}
          >
            Export as one HTML file
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFileText size={15} />}
            onClick={() => onReport(shown?.name ?? "")}
          >
            Begin a report with it
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "save" && (
        <NameDialog
          title="Save this view"
          label="Name"
          action="Save"
          onName={saveAs}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "rename" && shown !== undefined && (
        <NameDialog
          title="Rename the view"
          label="Name"
          action="Rename"
          initial={shown.name}
          onName={(name) => rename(shown, name)}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

function Blank() {
  return <span style={{ width: 14 }} />;
}
