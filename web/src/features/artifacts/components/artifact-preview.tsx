import { useQuery } from "@tanstack/react-query";
import { IconFile } from "@tabler/icons-react";

import { artifactUrl, getArtifactSize, getArtifactText } from "@/api/artifacts";
import { ApiError } from "@/api/http";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { artifactKind } from "@/lib/artifact-kind";
import { formatBytes } from "@/lib/format";

import classes from "./artifact-browser.module.css";
import { ImagePreview } from "./image-preview";
import { PdfPreview } from "./pdf-preview";
import { TextPreview } from "./text-preview";
import { loaded } from "@/components/loaded";

const ParquetPreview = loaded(
  async () => (await import("./parquet-preview")).ParquetPreview,
  () => <TableSkeleton rows={8} />,
);

export interface ArtifactPreviewProps {
  runId: string;
  path: string;
  /** Leads to another file of the run. */
  onPath: (path: string) => void;
}

/** Of a longer text the beginning is shown: a browser tab would stand still over the whole. */
const MAX_TEXT_BYTES = 20_000_000;
const BEGINNING_BYTES = 1_000_000;
const MAX_PDF_BYTES = 100_000_000;

/** A file as its kind is shown. */
export function ArtifactPreview(props: ArtifactPreviewProps) {
  const { runId, path } = props;
  const size = useQuery(getArtifactSize(runId, path));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const url = artifactUrl(runId, path);

  if (size.isPending) return <TableSkeleton rows={4} />;
  if (size.isError) {
    if (size.error instanceof ApiError && size.error.isNotFound) {
      return (
        <EmptyState
          icon={<IconFile size={28} stroke={1.4} />}
          title="No such file"
          hint={`The run has no file at ${path}. It may have been deleted since.`}
        />
      );
    }
    return <ErrorPanel error={size.error} onRetry={() => void size.refetch()} />;
  }
  switch (artifactKind(name)) {
    case "image":
      return <ImagePreview url={url} name={name} />;
    case "audio":
      return (
        <audio className={classes.audio} src={url} aria-label={name} controls preload="metadata">
          <track kind="captions" />
        </audio>
      );
    case "video":
      return (
        <video className={classes.video} src={url} aria-label={name} controls preload="metadata">
          <track kind="captions" />
        </video>
      );
    case "pdf":
      return size.data > MAX_PDF_BYTES ? (
        <TooLarge sizeBytes={size.data} />
      ) : (
        <PdfPreview runId={runId} path={path} name={name} />
      );
    case "parquet":
      return <ParquetPreview runId={runId} path={path} name={name} sizeBytes={size.data} />;
    case "other":
      return (
        <EmptyState
          icon={<IconFile size={28} stroke={1.4} />}
          title="No preview for this kind of file"
          hint="Download it to open it."
        />
      );
    default:
      return <Text {...props} name={name} sizeBytes={size.data} />;
  }
}

function TooLarge({ sizeBytes }: { sizeBytes: number }) {
  return (
    <EmptyState
      icon={<IconFile size={28} stroke={1.4} />}
      title="Too large to show here"
      hint={`The file has ${formatBytes(sizeBytes)}. Download it to open it.`}
    />
  );
}

interface TextProps extends ArtifactPreviewProps {
  name: string;
  sizeBytes: number;
}

function Text({ runId, path, onPath, name, sizeBytes }: TextProps) {
  const isCut = sizeBytes > MAX_TEXT_BYTES;
  const query = useQuery(getArtifactText(runId, path, isCut ? BEGINNING_BYTES : undefined));

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === "") return <EmptyState title="The file is empty" />;
  return (
    <>
      {isCut && (
        <p className={classes.hint}>
          The first {formatBytes(BEGINNING_BYTES)} of {formatBytes(sizeBytes)}. Download it to see
          all of it.
        </p>
      )}
      <TextPreview
        runId={runId}
        path={path}
        name={name}
        text={query.data}
        isCut={isCut}
        onPath={onPath}
      />
    </>
  );
}
