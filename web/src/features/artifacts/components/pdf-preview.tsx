import { useQuery } from "@tanstack/react-query";
import { IconPdf } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";

import { getArtifactBytes } from "@/api/artifacts";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./artifact-browser.module.css";

interface PdfPreviewProps {
  runId: string;
  path: string;
  name: string;
}

/** A document in the browser's own viewer, which runs none of it with the rights of this page. */
export function PdfPreview({ runId, path, name }: PdfPreviewProps) {
  const query = useQuery(getArtifactBytes(runId, path));
  const { data } = query;
  // Whatever the bytes are: of this type, they can be shown as a document only, never as a page.
  const url = useMemo(
    () =>
      data === undefined
        ? null
        : URL.createObjectURL(new Blob([data], { type: "application/pdf" })),
    [data],
  );
  useEffect(() => () => (url === null ? undefined : URL.revokeObjectURL(url)), [url]);

  if (!navigator.pdfViewerEnabled) {
    return (
      <EmptyState
        icon={<IconPdf size={28} stroke={1.4} />}
        title="This browser shows no PDF documents"
        hint="Download it to open it."
      />
    );
  }
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (url === null) return <TableSkeleton rows={6} />;
  // oxlint-disable-next-line react/iframe-missing-sandbox -- browsers show no document in a sandbox
  return <iframe className={classes.frame} title={name} src={`${url}#navpanes=0&view=FitH`} />;
}
