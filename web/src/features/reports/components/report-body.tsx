import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getPanel } from "@/api/panels";
import { ErrorPanel } from "@/components/error-panel";
import { MarkdownText } from "@/components/markdown-text";
import type { PanelData } from "@/lib/panel-data";
import { parseReport, type PanelSpec, type ReportPart } from "@/lib/report-text";

import { Figure } from "./figures";
import figures from "./figures.module.css";
import classes from "./report-body.module.css";

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
        <LivePanel spec={part.spec} />
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
  const title = spec.title || spec.metric || "Runs";

  return (
    <figure className={figures.figure}>
      <figcaption className={figures.caption}>
        {title} <span className={figures.note}>{sourceOf(spec)}</span>
      </figcaption>
      <Figure spec={spec} data={data} />
    </figure>
  );
}

function sourceOf({ experiment, filter, limit, order }: PanelSpec): string {
  const which = filter === "" ? "" : ` where ${filter}`;
  const how = order === "" ? `the newest ${limit}` : `the first ${limit} by ${order}`;
  const where = /^\d+$/.test(experiment) ? `experiment ${experiment}` : experiment;
  return `${where}${which}, ${how}`;
}
