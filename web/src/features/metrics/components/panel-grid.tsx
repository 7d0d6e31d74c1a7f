import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";

import type { LineOptions } from "@/charts/line";
import type { Scene } from "@/charts/define-chart";
import { formatCount } from "@/lib/format";
import { packRows, type ChartSearch, type PanelState } from "@/lib/panels";

import type { Panel, Section } from "../panel-sections";
import { ChartPanel } from "./chart-panel";
import classes from "./metric-charts.module.css";

interface PanelGridProps {
  sections: readonly Section[];
  closed: readonly string[];
  width: number;
  nColumns: number;
  scene: Scene;
  shared: Partial<LineOptions>;
  /** What the link says of panels. */
  panels: readonly PanelState[];
  onSearch: (change: ChartSearch) => void;
  onPanel: (id: string, change: Partial<PanelState>) => void;
  onRemove: (panel: Panel) => void;
  onEdit: (panel: Panel) => void;
}

const GAP = 10;
const ROW_HEIGHT = 204;
const HEAD_HEIGHT = 34;
const OVERSCAN = 2;

type Row =
  | { kind: "head"; section: Section; isOpen: boolean }
  | { kind: "panels"; section: Section; panels: Panel[]; height: number };

/** All sections as one list of rows, of which only those in view are on the page. */
export function PanelGrid(props: PanelGridProps) {
  const { sections, closed, width, nColumns, scene, shared } = props;
  const { onSearch, onPanel, onRemove, onEdit } = props;
  const list = useRef<HTMLDivElement>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [margin, setMargin] = useState(0);
  const rows = useMemo(() => toRows(sections, closed, nColumns), [sections, closed, nColumns]);

  // What stands before the list changes its height: a legend that opens, a toolbar that wraps.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const found = scrollParent(element);
    setScroller(found);
    const measure = () =>
      setMargin(
        element.getBoundingClientRect().top - found.getBoundingClientRect().top + found.scrollTop,
      );
    measure();
    const observer = new ResizeObserver(measure);
    for (const before of element.parentElement?.children ?? []) observer.observe(before);
    observer.observe(found);
    return () => observer.disconnect();
  }, [sections.length]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (at) => heightOf(rows[at]),
    getItemKey: (at) => keyOf(rows[at]),
    scrollMargin: margin,
    overscan: OVERSCAN,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rows]);

  const toggle = (id: string) => {
    const next = closed.includes(id) ? closed.filter((one) => one !== id) : [...closed, id];
    onSearch({ closed: next.length === 0 ? undefined : next });
  };
  const move = (section: Section, id: string, to: number) => {
    const ids = section.panels.map((panel) => panel.id).filter((one) => one !== id);
    ids.splice(to, 0, id);
    const moved = new Set(props.panels.filter(({ at }) => at !== undefined).map((one) => one.id));
    moved.add(id);
    const places = new Map(
      ids.flatMap((one, at): [string, number][] => (moved.has(one) ? [[one, at]] : [])),
    );
    const known = new Map(props.panels.map((panel) => [panel.id, panel]));
    for (const [one, at] of places) known.set(one, { ...(known.get(one) ?? { id: one }), at });
    onSearch({ panels: [...known.values()] });
  };
  const columnWidth = (width - GAP * (nColumns - 1)) / nColumns;

  return (
    <div ref={list} style={{ position: "relative", height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        const top = item.start - margin;
        if (row.kind === "head") {
          return (
            <div key={item.key} className={classes.row} style={{ top, height: HEAD_HEIGHT }}>
              <UnstyledButton
                className={classes.groupTitle}
                aria-expanded={row.isOpen}
                onClick={() => toggle(row.section.id)}
              >
                <IconChevronRight
                  size={14}
                  className={classes.chevron}
                  data-open={row.isOpen || undefined}
                />
                {row.section.title}
                <span className={classes.count}>{formatCount(row.section.panels.length)}</span>
              </UnstyledButton>
            </div>
          );
        }
        return (
          <div
            key={item.key}
            className={classes.row}
            data-section={row.section.id}
            style={{ top, gap: GAP, alignItems: "flex-start" }}
          >
            {row.panels.map((panel) => {
              const span = Math.min(panel.width, nColumns);
              const at = row.section.panels.indexOf(panel);
              return (
                <ChartPanel
                  key={panel.id}
                  panel={panel}
                  scene={scene}
                  shared={shared}
                  width={span * columnWidth + (span - 1) * GAP}
                  height={panel.height * ROW_HEIGHT + (panel.height - 1) * GAP}
                  unit={{ width: columnWidth + GAP, height: ROW_HEIGHT + GAP, nColumns }}
                  place={{ at, n: row.section.panels.length, section: row.section.id }}
                  onMove={(to) => move(row.section, panel.id, to)}
                  onPanel={onPanel}
                  onSearch={onSearch}
                  onRemove={() => onRemove(panel)}
                  onEdit={() => onEdit(panel)}
                />
              );
            })}
          </div>
        );
      })}
    </div>
  );
}

function toRows(sections: readonly Section[], closed: readonly string[], nColumns: number): Row[] {
  const [only] = sections;
  const isAlone = sections.length === 1 && only?.id === "";
  return sections.flatMap((section): Row[] => {
    const isOpen = !closed.includes(section.id);
    const head: Row[] = isAlone ? [] : [{ kind: "head", section, isOpen }];
    if (!isOpen) return head;
    return [
      ...head,
      ...packRows(section.panels, nColumns).map(({ panels, height }): Row => ({
        kind: "panels",
        section,
        panels,
        height,
      })),
    ];
  });
}

function heightOf(row: Row | undefined): number {
  if (row === undefined || row.kind === "head") return HEAD_HEIGHT;
  return row.height * (ROW_HEIGHT + GAP);
}

function keyOf(row: Row | undefined): string {
  if (row === undefined) return "";
  return row.kind === "head"
    ? `head ${row.section.id}`
    : `${row.section.id} ${row.panels[0]?.id ?? ""}`;
}

function scrollParent(element: HTMLElement): HTMLElement {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}
