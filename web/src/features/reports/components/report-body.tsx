import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getPanel } from "@/api/panels";
import { ErrorPanel } from "@/components/error-panel";
import { MarkdownText } from "@/components/markdown-text";
import type { PanelData } from "@/lib/panel-data";
import { loaded } from "@/components/loaded";
import { isShared, parseReport, type PanelSpec, type ReportPart } from "@/lib/report-text";

import { CHART_MARK } from "../panel-picture";
import { Figure } from "./figures";
import figures from "./figures.module.css";
import classes from "./report-body.module.css";

/** Charts bring their code along: most reports have none of these. */
const ReportChart = loaded(
  async () => (await import("./report-chart")).ReportChart,
  () => (
    <div role="status" aria-label="Loading">
      <Skeleton height={280} />
    </div>
  ),
);

interface ReportBodyProps {
  text: string;
  /** What the panels showed at a moment, by the place of their part; without it, what is now. */
  frozen?: readonly (PanelData | null)[];
}

export function ReportBody({ text, frozen }: ReportBodyProps) {
  const parts = useMemo(() => parseReport(text), [text]);

  return (
    <div className={classes.body}>
      {parts.map((part) => (
        <Part key={part.at} part={part} data={frozen?.[part.at] ?? null} />
      ))}
    </div>
  );
}

function Part({ part, data }: { part: ReportPart; data: PanelData | null }) {
  switch (part.kind) {
    case "text":
      return <MarkdownText markdown={part.text} />;
    case "fault":
      return (
        <div className={classes.fault} role="alert">
          {part.message}
          <pre>{part.source}</pre>
        </div>
      );
    case "panel":
      return data === null ? (
        isShared(part.spec) ? (
          <ChartFrame spec={part.spec} at={part.at} />
        ) : (
          <LivePanel spec={part.spec} />
        )
      ) : (
        <PanelFrame spec={part.spec} data={data} />
      );
  }
}

function LivePanel({ spec }: { spec: PanelSpec }) {
  const query = useQuery(getPanel(spec));

  if (query.isPending) {
    return (
      <div className={figures.figure} role="status" aria-label="Loading">
        <Skeleton height={180} />
      </div>
    );
  }
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <PanelFrame spec={spec} data={query.data} />;
}

export function PanelFrame({ spec, data }: { spec: PanelSpec; data: PanelData }) {
  return (
    <figure className={figures.figure}>
      <Caption spec={spec} />
      <Figure spec={spec} data={data} />
    </figure>
  );
}

function ChartFrame({ spec, at }: { spec: PanelSpec; at: number }) {
  return (
    <figure className={figures.figure}>
      <Caption spec={spec} />
      <div {...{ [CHART_MARK]: at }}>
        <ReportChart spec={spec} />
      </div>
    </figure>
  );
}

function Caption({ spec }: { spec: PanelSpec }) {
  const title = spec.title || spec.metric || TITLES[spec.chart] || "Runs";
  if (spec.chart === "note" && spec.title === "") return null;
  return (
    <figcaption className={figures.caption}>
      {title} <span className={figures.note}>{spec.experiment !== "" && sourceOf(spec)}</span>
    </figcaption>
  );
}

const TITLES: Partial<Record<PanelSpec["chart"], string>> = {
  box: "Spread",
  scatter: "Scatter",
  contour: "Contour",
  parallel: "Parallel coordinates",
  importance: "Importance of params",
  histogram: "Histogram",
  images: "Images",
  difference: "Difference of tables",
  confusion: "Confusion",
  roc: "ROC",
};

/** The filter of a panel that was made of selected runs. */
const CHOSEN = /^attributes\.run_id IN \([^)]*\)$/;

function sourceOf({ experiment, filter, limit, order, group }: PanelSpec): string {
  const where = /^\d+$/.test(experiment) ? `experiment ${experiment}` : experiment;
  if (CHOSEN.test(filter)) return `chosen runs of ${where}`;
  const which = filter === "" ? "" : ` where ${filter}`;
  return `${where}${which}, ${shownPart({ limit, order, group })}`;
}

function shownPart({ limit, order, group }: Pick<PanelSpec, "limit" | "order" | "group">): string {
  if (group.length > 0) return `means over ${group.join(", ")}`;
  if (limit === 0) return "all runs";
  return order.length === 0 ? `the newest ${limit}` : `the first ${limit} by ${order.join(", ")}`;
}
