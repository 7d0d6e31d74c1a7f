import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { artifactUrl, getArtifactBytes, getArtifactText } from "@/api/artifacts";
import type { MediaItem } from "@/api/media";
import { DataTable } from "@/components/data-table";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import type { Json } from "@/lib/json-tree";
import { readAtoms, readPly } from "@/lib/points-in-space";
import { jsonTable } from "@/lib/table-data";

import { PointsCanvas } from "./points-canvas";
import classes from "./media-gallery.module.css";

/** One item, as its kind is shown. */
export function MediaView({ item }: { item: MediaItem }) {
  const url = artifactUrl(item.runId, item.path);
  const name = item.caption || `${item.key} at step ${item.step}`;
  switch (item.kind) {
    case "image":
      return <img className={classes.image} src={url} alt={name} loading="lazy" />;
    case "audio":
      return (
        <audio className={classes.wide} src={url} aria-label={name} controls preload="none">
          <track kind="captions" />
        </audio>
      );
    case "video":
      return item.path.endsWith(".gif") ? (
        <img className={classes.image} src={url} alt={name} loading="lazy" />
      ) : (
        <video className={classes.image} src={url} aria-label={name} controls preload="metadata">
          <track kind="captions" />
        </video>
      );
    case "points":
      return <Points item={item} name={name} />;
    default:
      return <TextItem item={item} name={name} />;
  }
}

interface NamedItem {
  item: MediaItem;
  name: string;
}

function Points({ item, name }: NamedItem) {
  const query = useQuery(getArtifactBytes(item.runId, item.path));
  const points = useMemo(() => (query.data ? readPly(query.data) : null), [query.data]);

  if (query.isPending) return <TableSkeleton rows={3} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (points === null) return <Download item={item} />;
  return <PointsCanvas points={points} label={name} />;
}

function TextItem({ item, name }: NamedItem) {
  const query = useQuery(getArtifactText(item.runId, item.path));

  if (query.isPending) return <TableSkeleton rows={3} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const text = query.data;
  if (item.kind === "html") {
    // Without any rights: no scripts, no forms, no cookies, nothing of ours within reach.
    return <iframe className={classes.frame} title={name} sandbox="" srcDoc={text} />;
  }
  if (item.kind === "table") return <Table text={text} item={item} name={name} />;
  const atoms = readAtoms(text, item.path.slice(item.path.lastIndexOf(".") + 1));
  if (atoms !== null) return <PointsCanvas points={atoms} label={name} />;
  return <pre className={classes.text}>{text}</pre>;
}

function Table({ text, item, name }: NamedItem & { text: string }) {
  const table = useMemo(() => parseTable(text), [text]);
  if (table === null) return <Download item={item} />;
  return (
    <div className={classes.table}>
      <DataTable label={name} table={table} />
    </div>
  );
}

function parseTable(text: string) {
  try {
    return jsonTable(JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

function Download({ item }: { item: MediaItem }) {
  return (
    <a href={artifactUrl(item.runId, item.path)} download>
      Download {item.path.slice(item.path.lastIndexOf("/") + 1)}
    </a>
  );
}
