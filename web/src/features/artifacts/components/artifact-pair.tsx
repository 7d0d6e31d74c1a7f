import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type CSSProperties } from "react";

import { artifactUrl, getArtifactSizeIfAny, getArtifactText } from "@/api/artifacts";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { MergeView } from "@/components/merge-view";
import { TableSkeleton } from "@/components/table-skeleton";
import { artifactKind, codeLanguage } from "@/lib/artifact-kind";

import { useArtifactTree } from "../use-artifact-tree";
import { ArtifactPreview } from "./artifact-preview";
import { ArtifactTree } from "./artifact-tree";
import browser from "./artifact-browser.module.css";
import classes from "./artifact-pair.module.css";

interface Side {
  id: string;
  name: string;
}

interface ArtifactPairProps {
  a: Side;
  b: Side;
  path: string;
  onPath: (path: string) => void;
}

/** The same file of two runs, side by side. */
export function ArtifactPair({ a, b, path, onPath }: ArtifactPairProps) {
  const tree = useArtifactTree(a.id, path);

  return (
    <div className={browser.browser} data-open={path !== "" || undefined}>
      <div className={browser.left}>
        <p className={classes.of}>Files of {a.name}</p>
        <ArtifactTree
          rows={tree.rows}
          path={path}
          onPath={onPath}
          onToggle={tree.toggle}
          onMore={tree.showMore}
        />
      </div>
      <div className={browser.preview}>
        {path === "" ? (
          <EmptyState title="Pick a file to see it of both runs" />
        ) : (
          <>
            <button type="button" className={browser.back} onClick={() => onPath("")}>
              All files
            </button>
            <Pair key={path} a={a} b={b} path={path} onPath={onPath} />
          </>
        )}
      </div>
    </div>
  );
}

const MAX_MERGED_BYTES = 2_000_000;

function Pair({ a, b, path, onPath }: ArtifactPairProps) {
  const left = useQuery(getArtifactSizeIfAny(a.id, path));
  const right = useQuery(getArtifactSizeIfAny(b.id, path));
  const [view, setView] = useState<string | null>(null);

  if (left.isPending || right.isPending) return <TableSkeleton rows={4} />;
  const failed = [left, right].find((query) => query.isError);
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const missing = left.data === null ? a : right.data === null ? b : null;
  if (missing !== null) {
    return <EmptyState title={`${missing.name} has no such file`} hint={path} />;
  }
  const views = viewsOf(name, Math.max(left.data ?? 0, right.data ?? 0));
  const shown = views.find((one) => one === view) ?? views[0];
  return (
    <>
      <SegmentedControl
        size="xs"
        className={browser.views ?? ""}
        aria-label="How to compare"
        value={shown ?? "Side by side"}
        data={views}
        onChange={setView}
      />
      {shown === "Swipe" && <Swipe a={a} b={b} path={path} />}
      {shown === "Differences" && <TextPair a={a} b={b} path={path} name={name} />}
      {shown === "Side by side" && (
        <div className={classes.pair}>
          {[a, b].map((side) => (
            <section key={side.id} className={classes.side} aria-label={side.name}>
              <h3 className={classes.sideName}>{side.name}</h3>
              <ArtifactPreview runId={side.id} path={path} onPath={onPath} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}

type View = "Swipe" | "Differences" | "Side by side";

function viewsOf(name: string, sizeBytes: number): View[] {
  const kind = artifactKind(name);
  if (kind === "image") return ["Swipe", "Side by side"];
  const isText = !["audio", "video", "pdf", "parquet", "other"].includes(kind);
  return isText && sizeBytes <= MAX_MERGED_BYTES
    ? ["Differences", "Side by side"]
    : ["Side by side"];
}

interface TextPairProps {
  a: Side;
  b: Side;
  path: string;
  name: string;
}

function TextPair({ a, b, path, name }: TextPairProps) {
  const left = useQuery(getArtifactText(a.id, path));
  const right = useQuery(getArtifactText(b.id, path));

  if (left.isPending || right.isPending) return <TableSkeleton rows={6} />;
  const failed = [left, right].find((query) => query.isError);
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <MergeView
      label={name}
      before={left.data ?? ""}
      after={right.data ?? ""}
      language={codeLanguage(name)}
    />
  );
}

/** One image over the other, the border between them moved by a slider. */
function Swipe({ a, b, path }: { a: Side; b: Side; path: string }) {
  const [percent, setPercent] = useState(50);

  return (
    <div className={classes.swipe}>
      <div className={classes.images} style={{ "--at": `${percent}%` } as CSSProperties}>
        <img src={artifactUrl(a.id, path)} alt={`${path} of ${a.name}`} />
        <img className={classes.over} src={artifactUrl(b.id, path)} alt={`${path} of ${b.name}`} />
        <span className={classes.border} aria-hidden />
      </div>
      <label className={classes.slider}>
        <span>{a.name}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={percent}
          aria-label="Border between the images"
          onChange={(event) => setPercent(Number(event.currentTarget.value))}
        />
        <span>{b.name}</span>
      </label>
    </div>
  );
}
