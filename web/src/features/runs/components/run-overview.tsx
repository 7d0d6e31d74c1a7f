import { useMemo, useState } from "react";

import type { Run } from "@/api/runs";
import { KeyValueTable, type KeyValueRow } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { SearchInput } from "@/components/search-input";
import { formatCount, formatNumber, formatNumberInFull, formatTime } from "@/lib/format";

import { ChildRuns } from "./child-runs";
import { RunDatasets } from "./run-datasets";
import { RunNote } from "./run-note";
import classes from "./run-overview.module.css";
import { RunTags } from "./run-tags";

/** Everything about a run that is no curve and no file. */
export function RunOverview({ run }: { run: Run }) {
  const metrics = useMemo(
    () =>
      Object.entries(run.metrics)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { value, step }]) => ({
          key,
          value: formatNumber(value),
          hover: formatNumberInFull(value),
          detail: step === 0 ? "" : `step ${formatCount(step)}`,
        })),
    [run.metrics],
  );
  const params = useMemo(
    () => Object.entries(run.params).map(([key, value]) => ({ key, value })),
    [run.params],
  );
  const details: KeyValueRow[] = [
    { key: "Run id", value: run.id },
    { key: "Experiment id", value: run.experimentId },
    { key: "Started", value: formatTime(run.startTime) },
    ...(run.endTime === null ? [] : [{ key: "Ended", value: formatTime(run.endTime) }]),
    ...sourceRows(run),
    { key: "Artifacts", value: run.artifactUri },
    ...run.modelIds.map((modelId) => ({ key: "Logged model", value: modelId })),
  ];

  return (
    <div className={classes.overview}>
      <div className={classes.main}>
        <RunNote run={run} />
        <div className={classes.pair}>
          <SearchedTable title="Metrics" rows={metrics} isNumeric hasHotkey />
          <SearchedTable title="Params" rows={params} />
        </div>
        <ChildRuns run={run} />
      </div>
      <div className={classes.side}>
        <Panel title="Details">
          <KeyValueTable label="Details" rows={details} hasShortKeys empty="" />
        </Panel>
        <RunDatasets datasets={run.datasets} />
        <RunTags run={run} />
      </div>
    </div>
  );
}

interface SearchedTableProps {
  title: string;
  rows: readonly KeyValueRow[];
  isNumeric?: boolean;
  hasHotkey?: boolean;
}

function SearchedTable({ title, rows, isNumeric = false, hasHotkey = false }: SearchedTableProps) {
  const [search, setSearch] = useState("");
  const noun = title.toLowerCase();
  const shown = useMemo(() => {
    const wanted = search.toLowerCase();
    return rows.filter(({ key }) => key.toLowerCase().includes(wanted));
  }, [rows, search]);

  return (
    <Panel
      title={title}
      count={rows.length}
      tools={
        rows.length > 0 && (
          <SearchInput
            label={`Search ${noun}`}
            placeholder="Search"
            width={150}
            value={search}
            hasHotkey={hasHotkey}
            onChange={setSearch}
          />
        )
      }
    >
      <KeyValueTable
        label={title}
        rows={shown}
        isNumeric={isNumeric}
        empty={rows.length === 0 ? `This run has no ${noun}.` : `No ${noun} match.`}
      />
    </Panel>
  );
}

const SOURCE_TAGS: [tag: string, title: string][] = [
  ["mlflow.source.name", "Source"],
  ["mlflow.source.git.branch", "Branch"],
  ["mlflow.source.git.commit", "Commit"],
  ["mlflow.source.git.repoURL", "Repository"],
];

function sourceRows(run: Run): KeyValueRow[] {
  return SOURCE_TAGS.flatMap(([tag, key]) => {
    const value = run.tags[tag];
    return value === undefined ? [] : [{ key, value }];
  });
}
