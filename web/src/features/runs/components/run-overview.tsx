import { useMemo, useState } from "react";

import type { Run } from "@/api/runs";
import { KeyValueTable, type KeyValueRow } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { SearchInput } from "@/components/search-input";
import { formatCount, formatNumber, formatNumberInFull, formatTime } from "@/lib/format";
import { isSystemMetric } from "@/lib/metric-groups";
import { commitUrl, repositoryUrl } from "@/lib/source-links";

import { ChildRuns } from "./child-runs";
import { RunDatasets } from "./run-datasets";
import { RunModels } from "./run-models";
import { RunNote } from "./run-note";
import classes from "./run-overview.module.css";
import { RunTags } from "./run-tags";

interface RunOverviewProps {
  run: Run;
  onOpenArtifact: (path: string) => void;
}

/** Everything about a run that is no curve and no file. */
export function RunOverview({ run, onOpenArtifact }: RunOverviewProps) {
  const metrics = useMemo(
    () =>
      Object.entries(run.metrics)
        .filter(([key]) => !isSystemMetric(key))
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
    { key: "Run id", value: run.id, isCopied: true },
    { key: "Experiment", value: run.experimentId },
    { key: "Started", value: formatTime(run.startTime) },
    ...(run.endTime === null ? [] : [{ key: "Ended", value: formatTime(run.endTime) }]),
    { key: "Artifacts", value: run.artifactUri, isCopied: true },
  ];
  const source = sourceRows(run);
  const environment = environmentRows(run);

  return (
    <div className={classes.overview}>
      <div className={classes.main}>
        <RunNote run={run} />
        <div className={classes.pair}>
          <SearchedTable title="Metrics" rows={metrics} isNumeric hasHotkey />
          <SearchedTable title="Params" rows={params} />
        </div>
        <ChildRuns run={run} />
        <RunModels run={run} onOpen={onOpenArtifact} />
      </div>
      <div className={classes.side}>
        <Panel title="Details">
          <KeyValueTable label="Details" rows={details} hasShortKeys empty="" />
        </Panel>
        {source.length > 0 && (
          <Panel title="Source">
            <KeyValueTable label="Source" rows={source} hasShortKeys empty="" />
          </Panel>
        )}
        {environment.length > 0 && (
          <Panel title="Environment">
            <KeyValueTable label="Environment" rows={environment} hasShortKeys empty="" />
          </Panel>
        )}
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

function sourceRows({ tags }: Run): KeyValueRow[] {
  const remote = tags["mlflow.source.git.repoURL"];
  const commit = tags["mlflow.source.git.commit"];
  const isDirty = tags["fluvial.git.dirty"] === "true";
  return [
    row("Source", tags["mlflow.source.name"], { isCopied: true }),
    row("Command", tags["fluvial.command"], { isCopied: true }),
    row("Commit", commit, {
      isCopied: true,
      ...link(commitUrl(remote ?? "", commit ?? "")),
      ...(isDirty ? { detail: "with changes" } : {}),
    }),
    row("Branch", tags["mlflow.source.git.branch"]),
    row("Repository", remote, link(repositoryUrl(remote ?? ""))),
  ].flat();
}

const ENVIRONMENT_TAGS: [tag: string, title: string][] = [
  ["fluvial.python", "Python"],
  ["fluvial.host", "Host"],
  ["fluvial.platform", "Platform"],
  ["fluvial.hardware", "Hardware"],
  ["fluvial.client", "Client"],
];

function environmentRows({ tags }: Run): KeyValueRow[] {
  const named = (prefix: string, title: (name: string) => string) =>
    Object.entries(tags).flatMap(([tag, value]) =>
      tag.startsWith(prefix) ? row(title(tag.slice(prefix.length)), value) : [],
    );
  return [
    ...ENVIRONMENT_TAGS.flatMap(([tag, title]) => row(title, tags[tag])),
    ...named("fluvial.seed.", (name) => `Seed (${name})`),
    ...named("fluvial.env.", (name) => `$${name}`),
  ];
}

function row(
  key: string,
  value: string | undefined,
  more: Partial<KeyValueRow> = {},
): KeyValueRow[] {
  return value === undefined ? [] : [{ key, value, ...more }];
}

function link(href: string | null): Pick<KeyValueRow, "href"> {
  return href === null ? {} : { href };
}
