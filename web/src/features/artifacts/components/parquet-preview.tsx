import { useQueries, useQuery } from "@tanstack/react-query";
import { decompress as decompressZstd } from "fzstd";
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from "hyparquet";
import { decompressBrotli } from "hyparquet-compressors/src/brotli.js";
import { gunzip } from "hyparquet-compressors/src/gzip.js";
import { decompressLz4, decompressLz4Raw } from "hyparquet-compressors/src/lz4.js";
import { useCallback, useMemo, useState } from "react";

import { readArtifactRange } from "@/api/artifacts";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { VirtualTable, type TableView } from "@/components/virtual-table";
import { formatBytes } from "@/lib/format";

interface ParquetPreviewProps {
  runId: string;
  path: string;
  name: string;
  sizeBytes: number;
}

/** Rows and columns that are read at a time: a few at a place are quicker than all columns of it. */
const BLOCK_ROWS = 200;
const BLOCK_COLUMNS = 8;
/** Of a row group, what a block of columns may take: it is decoded in the browser's memory. */
const MAX_BLOCK_BYTES = 200_000_000;

/** A Parquet file of any size: its end is read, then the parts in view. */
export function ParquetPreview({ runId, path, name, sizeBytes }: ParquetPreviewProps) {
  const file = useMemo(
    (): AsyncBuffer => ({
      byteLength: sizeBytes,
      slice: (from, to) => readArtifactRange(runId, path, from, to ?? sizeBytes),
    }),
    [runId, path, sizeBytes],
  );
  const metadata = useQuery({
    queryKey: ["artifacts", runId, "bytes", path, "metadata", sizeBytes],
    queryFn: () => parquetMetadataAsync(file),
  });

  if (metadata.isPending) return <TableSkeleton rows={8} />;
  if (metadata.isError) {
    return <ErrorPanel error={metadata.error} onRetry={() => void metadata.refetch()} />;
  }
  return (
    <Rows
      key={path}
      label={name}
      id={[runId, path, sizeBytes]}
      file={file}
      metadata={metadata.data}
    />
  );
}

interface RowsProps {
  label: string;
  id: readonly [runId: string, path: string, sizeBytes: number];
  file: AsyncBuffer;
  metadata: FileMetaData;
}

/** Snappy is hyparquet's own: the whole other package has it in WebAssembly, which the page may not compile. */
const compressors: Compressors = {
  GZIP: (bytes, length) => gunzip(bytes, new Uint8Array(length)),
  BROTLI: decompressBrotli,
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
  ZSTD: (bytes) => decompressZstd(bytes),
};

type Row = Record<string, unknown>;

function Rows({ label, id, file, metadata }: RowsProps) {
  const [runId, path, sizeBytes] = id;
  const nRows = Number(metadata.num_rows);
  const columns = useMemo(
    () => parquetSchema(metadata).children.map((child) => child.element.name),
    [metadata],
  );
  const [view, setView] = useState<TableView>({
    firstRow: 0,
    lastRow: 0,
    firstColumn: 0,
    lastColumn: 0,
  });
  const onView = useCallback((next: TableView) => setView(next), []);
  const blocks = blocksOf(view);
  const answers = useQueries({
    queries: blocks.map(({ row, column }) => ({
      queryKey: ["artifacts", runId, "bytes", path, "rows", sizeBytes, row, column],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: (): Promise<Row[]> =>
        parquetReadObjects({
          file,
          metadata,
          compressors,
          columns: columns.slice(column, column + BLOCK_COLUMNS),
          rowStart: row,
          rowEnd: Math.min(nRows, row + BLOCK_ROWS),
        }),
    })),
  });
  const largest = useMemo(() => largestBlock(metadata), [metadata]);
  const failed = answers.find((answer) => answer.isError);

  if (largest > MAX_BLOCK_BYTES) {
    return (
      <EmptyState
        title="Too large to show here"
        hint={`A row group of this file has up to ${formatBytes(largest)} in a few columns, which a browser would have to hold at once. Download it to open it.`}
      />
    );
  }
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  const cell = (row: number, column: number) => {
    const at = blocks.findIndex(
      (block) =>
        block.row === start(row, BLOCK_ROWS) && block.column === start(column, BLOCK_COLUMNS),
    );
    const values = answers[at]?.data?.[row % BLOCK_ROWS];
    return values === undefined ? undefined : cellText(values[columns[column] ?? ""]);
  };
  return <VirtualTable label={label} columns={columns} nRows={nRows} cell={cell} onView={onView} />;
}

function start(at: number, size: number): number {
  return Math.floor(at / size) * size;
}

function blocksOf({ firstRow, lastRow, firstColumn, lastColumn }: TableView) {
  const blocks: { row: number; column: number }[] = [];
  for (let row = start(firstRow, BLOCK_ROWS); row <= lastRow; row += BLOCK_ROWS) {
    for (
      let column = start(firstColumn, BLOCK_COLUMNS);
      column <= lastColumn;
      column += BLOCK_COLUMNS
    ) {
      blocks.push({ row, column });
    }
  }
  return blocks;
}

/** The most bytes that a block of columns of one row group has when it is decoded. */
function largestBlock(metadata: FileMetaData): number {
  const sizes = metadata.row_groups.flatMap((group) =>
    group.columns.map((column) => Number(column.meta_data?.total_uncompressed_size ?? 0)),
  );
  return BLOCK_COLUMNS * Math.max(0, ...sizes);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint" || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? String(inner) : inner,
  );
}
