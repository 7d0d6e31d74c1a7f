import { Button, SegmentedControl } from "@mantine/core";
import { IconFolders, IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { LATEST_FIRST } from "@/api/experiments";
import { usePageKeys, useShownKeys } from "@/components/keys";
import { SearchInput } from "@/components/search-input";
import { ExperimentNameDialog } from "@/features/experiments/components/experiment-name-dialog";
import { ExperimentsTable } from "@/features/experiments/components/experiments-table";

import type { ExperimentsSearch } from "../search-params";
import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

const route = getRouteApi("/experiments");
const LIST_KEYS = [
  { keys: ["↑", "↓"], meaning: "Move from experiment to experiment" },
  { keys: ["Enter"], meaning: "Open the experiment" },
  { keys: ["Space"], meaning: "Select the experiment" },
  { keys: ["←", "→"], meaning: "Close or open the folder" },
  { keys: ["F2"], meaning: "Rename the experiment" },
  { keys: ["Del"], meaning: "Move the experiment to the trash" },
];

export function ExperimentsPage() {
  const { q = "", view, order = LATEST_FIRST, flat: isFlat = false } = route.useSearch();
  const navigate = route.useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  usePageTitle("Experiments");
  useShownKeys(LIST_KEYS);
  usePageKeys([
    { keys: ["N"], meaning: "New experiment", hotkey: "N", run: () => setIsCreating(true) },
  ]);

  const patch = (change: ExperimentsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Experiments</h1>
        <div className={classes.search}>
          <SearchInput
            hasHotkey
            label="Search experiments"
            placeholder="Name, or tags.team = 'vision'"
            value={q}
            onChange={(text) => patch({ q: text === "" ? undefined : text })}
          />
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Which experiments"
          value={view ?? "active"}
          data={[
            { value: "active", label: "Active" },
            { value: "deleted", label: "Deleted" },
          ]}
          onChange={(value) => patch({ view: value === "deleted" ? "deleted" : undefined })}
        />
        <Button
          variant={isFlat ? "default" : "light"}
          aria-pressed={!isFlat}
          leftSection={<IconFolders size={15} />}
          onClick={() => patch({ flat: isFlat ? undefined : true })}
        >
          Folders
        </Button>
        <Button
          className={classes.last}
          leftSection={<IconPlus size={15} />}
          onClick={() => setIsCreating(true)}
        >
          New experiment
        </Button>
      </div>
      <div className={classes.fill}>
        <ExperimentsTable
          text={q}
          isDeletedView={view === "deleted"}
          orderBy={order}
          isFlat={isFlat}
          onSearch={(text) => patch({ q: text })}
          onOrderBy={(next) => patch({ order: next === LATEST_FIRST ? undefined : next })}
          onClearText={() => patch({ q: undefined })}
        />
      </div>
      {isCreating && (
        <ExperimentNameDialog experiment={null} onClose={() => setIsCreating(false)} />
      )}
    </div>
  );
}
