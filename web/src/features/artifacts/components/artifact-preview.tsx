import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconDownload, IconFile } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { artifactUrl, getArtifactText, listArtifacts } from "@/api/artifacts";
import { CodeView } from "@/components/code-view";
import { CopyButton } from "@/components/copy-button";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { JsonTree } from "@/components/json-tree";
import { Note } from "@/components/note";
import { TableSkeleton } from "@/components/table-skeleton";
import { artifactKind, codeLanguage } from "@/lib/artifact-kind";
import { formatBytes } from "@/lib/format";
import type { Json } from "@/lib/json-tree";
import { csvTable, jsonTable } from "@/lib/table-data";

import classes from "./artifact-browser.module.css";
import { ImagePreview } from "./image-preview";

interface ArtifactPreviewProps {
  runId: string;
  path: string;
}

/** Larger files are for downloading: a browser tab would stand still over them. */
const MAX_PREVIEW_BYTES = 20_000_000;

export function ArtifactPreview({ runId, path }: ArtifactPreviewProps) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folder = path.slice(0, Math.max(0, path.length - name.length - 1));
  const listing = useQuery(listArtifacts(runId, folder));
  const sizeBytes = listing.data?.find((artifact) => artifact.path === path)?.sizeBytes ?? null;
  const url = artifactUrl(runId, path);

  return (
    <>
      <header className={classes.previewHead}>
        <h2 className={classes.previewName} title={path}>
          {name}
        </h2>
        {sizeBytes !== null && <span className={classes.size}>{formatBytes(sizeBytes)}</span>}
        <CopyButton text={path} label="Copy the path" />
        <Button
          component="a"
          href={url}
          download={name}
          variant="default"
          leftSection={<IconDownload size={15} />}
        >
          Download
        </Button>
      </header>
      <div className={classes.content}>
        {listing.isPending ? (
          <TableSkeleton rows={4} />
        ) : (
          <Content runId={runId} path={path} name={name} url={url} sizeBytes={sizeBytes} />
        )}
      </div>
    </>
  );
}

interface ContentProps extends ArtifactPreviewProps {
  name: string;
  url: string;
  sizeBytes: number | null;
}

function Content({ runId, path, name, url, sizeBytes }: ContentProps) {
  const kind = artifactKind(name);
  const isText = kind !== "image" && kind !== "other";

  if (isText && (sizeBytes ?? 0) > MAX_PREVIEW_BYTES) {
    return (
      <EmptyState
        icon={<IconFile size={28} stroke={1.4} />}
        title="Too large to show here"
        hint={`The file has ${formatBytes(sizeBytes ?? 0)}. Download it to open it.`}
      />
    );
  }
  if (kind === "image") return <ImagePreview url={url} name={name} />;
  if (kind === "other") {
    return (
      <EmptyState
        icon={<IconFile size={28} stroke={1.4} />}
        title="No preview for this kind of file"
        hint="Download it to open it."
      />
    );
  }
  return <TextContent runId={runId} path={path} name={name} />;
}

function TextContent({ runId, path, name }: { runId: string; path: string; name: string }) {
  const query = useQuery(getArtifactText(runId, path));

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === "") return <EmptyState title="The file is empty" />;
  return <TextPreview name={name} text={query.data} />;
}

function TextPreview({ name, text }: { name: string; text: string }) {
  const source = <CodeView label={name} text={text} language={codeLanguage(name)} />;
  switch (artifactKind(name)) {
    case "markdown":
      return <EitherWay rich="Reading" richView={<Note markdown={text} />} source={source} />;
    case "json":
      return <JsonPreview name={name} text={text} source={source} />;
    case "table":
      return (
        <EitherWay rich="Table" richView={<CsvPreview name={name} text={text} />} source={source} />
      );
    case "html":
      return (
        <EitherWay rich="Page" richView={<HtmlPreview name={name} html={text} />} source={source} />
      );
    default:
      return source;
  }
}

function CsvPreview({ name, text }: { name: string; text: string }) {
  const table = useMemo(() => csvTable(text, name), [text, name]);
  return <DataTable label={name} table={table} />;
}

function JsonPreview({
  name,
  text,
  source,
}: {
  name: string;
  text: string;
  source: React.ReactNode;
}) {
  const parsed = useMemo(() => parseJson(text), [text]);
  if (parsed === null) return source;
  const table = jsonTable(parsed.value);
  const tree = <JsonTree label={name} value={parsed.value} />;
  if (table === null) return <EitherWay rich="Tree" richView={tree} source={source} />;
  return (
    <EitherWay rich="Table" richView={<DataTable label={name} table={table} />} source={source} />
  );
}

/** null if the text is no JSON: Python writes bare NaN, for one. It is then shown as it is. */
function parseJson(text: string): { value: Json } | null {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}

/** The page without any rights: no scripts, no forms, no cookies, nothing of ours within reach. */
function HtmlPreview({ name, html }: { name: string; html: string }) {
  return (
    <>
      <p className={classes.hint}>
        Scripts do not run here. Download the page to open it with them.
      </p>
      <iframe className={classes.frame} title={name} sandbox="" srcDoc={html} />
    </>
  );
}

interface EitherWayProps {
  rich: string;
  richView: React.ReactNode;
  source: React.ReactNode;
}

function EitherWay({ rich, richView, source }: EitherWayProps) {
  const [view, setView] = useState(rich);
  return (
    <>
      <SegmentedControl
        size="xs"
        className={classes.views}
        aria-label="How to show the file"
        value={view}
        data={[rich, "Source"]}
        onChange={setView}
      />
      <div className={classes.view}>{view === rich ? richView : source}</div>
    </>
  );
}
