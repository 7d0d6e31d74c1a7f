import { Button, Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import type { ColumnNames } from "@/api/run-rows";
import { findColumnNames } from "@/api/run-table";
import { ErrorPanel } from "@/components/error-panel";
import { formatCount, formatPlural } from "@/lib/format";
import { allColumns, KINDS, pinnedFirst, prefixOf, type RunColumn } from "@/lib/run-columns";

import type { ColumnChooserProps } from "./column-chooser";
import classes from "./column-chooser.module.css";

const TYPING_MS = 150;
const LINE_HEIGHT = 28;
const NO_NAMES = { params: [], metrics: [], tags: [] };

/** All columns that there could be, with a search; those of the table are checked. */
export function ColumnList({ experimentIds, shown, onChange }: ColumnChooserProps) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), TYPING_MS);
  const query = useQuery(findColumnNames(experimentIds, wanted, null));
  const lines = useMemo(
    () => linesOf(query.data, experimentIds.length, wanted),
    [query.data, experimentIds, wanted],
  );
  const shownKeys = useMemo(() => new Set(shown.map(nameOf)), [shown]);

  const show = (columns: readonly RunColumn[], isShown: boolean) => {
    const names = new Set(columns.map(nameOf));
    if (!isShown) onChange(shown.filter((one) => !names.has(nameOf(one))));
    else onChange(pinnedFirst([...shown, ...columns.filter((one) => !shownKeys.has(nameOf(one)))]));
  };

  return (
    <>
      <div className={classes.search}>
        <TextInput
          size="xs"
          aria-label="Search columns"
          placeholder="Search columns"
          autoFocus
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && lines.length === 0 && (
        <p className={classes.more}>No column has this in its name.</p>
      )}
      <Lines lines={lines} shownKeys={shownKeys} onShow={show} />
      <div className={classes.foot}>
        <span className={classes.count}>{formatPlural(shown.length, "column")} shown</span>
        <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
          Back to the default
        </Button>
      </div>
    </>
  );
}

interface LinesProps {
  lines: readonly Line[];
  shownKeys: ReadonlySet<string>;
  onShow: (columns: readonly RunColumn[], isShown: boolean) => void;
}

function Lines({ lines, shownKeys, onShow }: LinesProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const inView = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller,
    estimateSize: () => LINE_HEIGHT,
    overscan: 6,
    // The popover is laid out after it is mounted.
    initialRect: { width: 330, height: 380 },
  });

  return (
    <div ref={setScroller} className={classes.list} role="group" aria-label="Columns">
      <div className={classes.all} style={{ height: inView.getTotalSize() }}>
        {inView.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          const style = { transform: `translateY(${start}px)` };
          if (line.members === null) {
            return (
              <div key={line.id} className={classes.line} data-depth={line.depth} style={style}>
                <Checkbox
                  size="xs"
                  label={line.title}
                  title={line.column.title}
                  checked={shownKeys.has(nameOf(line.column))}
                  onChange={(event) => onShow([line.column], event.currentTarget.checked)}
                />
              </div>
            );
          }
          const { members } = line;
          const nShown = members.filter((one) => shownKeys.has(nameOf(one))).length;
          return (
            <div key={line.id} className={classes.legend} data-depth={line.depth} style={style}>
              <Checkbox
                size="xs"
                label={line.title}
                checked={nShown === members.length}
                indeterminate={nShown > 0 && nShown < members.length}
                onChange={(event) => onShow(members, event.currentTarget.checked)}
              />
              <span className={classes.count}>
                {formatCount(nShown)} of {formatCount(members.length)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

type Line =
  | { id: string; title: string; depth: number; column: RunColumn; members: null }
  | { id: string; title: string; depth: number; members: RunColumn[] };

/** Names as lines: kinds, within them the prefixes that several names share, and the names. */
function linesOf(names: ColumnNames | undefined, nExperiments: number, wanted: string): Line[] {
  const text = wanted.toLowerCase();
  const all = allColumns(names ?? NO_NAMES, nExperiments).filter(
    (column) => column.kind !== "attributes" || column.title.toLowerCase().includes(text),
  );
  return KINDS.flatMap(({ kind, title }) => {
    const members = all.filter((column) => column.kind === kind);
    if (members.length === 0) return [];
    const byPrefix = new Map<string, RunColumn[]>();
    for (const column of members) {
      const prefix = prefixOf(column);
      const group = byPrefix.get(prefix);
      if (group) group.push(column);
      else byPrefix.set(prefix, [column]);
    }
    const lines: Line[] = [{ id: kind, title, depth: 0, members }];
    for (const [prefix, columns] of byPrefix) {
      const isGroup = prefix !== "" && columns.length > 1;
      if (isGroup) {
        lines.push({ id: `${kind} ${prefix}`, title: prefix, depth: 1, members: columns });
      }
      for (const column of columns) {
        const own = isGroup ? column.title.slice(prefix.length + 1) : column.title;
        lines.push({ id: column.id, title: own, depth: isGroup ? 2 : 1, column, members: null });
      }
    }
    return lines;
  });
}

/** What a column is of, whatever it shows of it. */
function nameOf({ kind, key }: RunColumn): string {
  return `${kind}.${key}`;
}
