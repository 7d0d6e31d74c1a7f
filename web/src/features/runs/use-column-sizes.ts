import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import {
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ColumnSizingState,
} from "@tanstack/react-table";
import { useMemo } from "react";

import type { RunColumn } from "@/lib/run-columns";

const features = tableFeatures({ columnSizingFeature, columnResizingFeature });
const NO_ROWS: object[] = [];
const NAME_SIZE = 240;
const PHONE_NAME_SIZE = 190;
const SIZES: Record<string, number> = { status: 98, start_time: 84, duration: 84 };

export interface ColumnSizes {
  nameSize: number;
  /** Widths of the given columns, in their order. */
  leaves: { id: string; size: number }[];
  startResize: (id: string) => (event: unknown) => void;
  isResizing: (id: string) => boolean;
  reset: (id: string) => void;
}

/** Widths of the columns, as this person has dragged them. */
export function useColumnSizes(columns: readonly RunColumn[]): ColumnSizes {
  const [columnSizing, setColumnSizing] = useLocalStorage<ColumnSizingState>({
    key: "fluvial.runs.column-sizes",
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const isPhone = useMediaQuery("(max-width: 800px)", undefined, {
    getInitialValueInEffect: false,
  });
  const definitions = useMemo(
    (): ColumnDef<typeof features, object>[] => [
      { id: "name", size: NAME_SIZE, minSize: 140, maxSize: 700 },
      ...columns.map((column) => ({
        id: column.id,
        size: sizeOf(column),
        minSize: 60,
        maxSize: 700,
      })),
    ],
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    columnResizeMode: "onChange",
    state: { columnSizing },
    onColumnSizingChange: setColumnSizing,
  });
  const resizing = table.state.columnResizing.isResizingColumn;

  return useMemo(() => {
    const [name, ...leaves] = table.getAllLeafColumns();
    const headers = new Map(table.getFlatHeaders().map((header) => [header.column.id, header]));
    return {
      nameSize: isPhone ? PHONE_NAME_SIZE : (name?.getSize() ?? NAME_SIZE),
      leaves: leaves.map((column) => ({ id: column.id, size: column.getSize() })),
      startResize: (id) => headers.get(id)?.getResizeHandler() ?? (() => undefined),
      isResizing: (id) => resizing === id,
      reset: (id) => table.getColumn(id)?.resetSize(),
    };
    // The table itself stays the same object while its columns and their sizes change.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [table, definitions, columnSizing, resizing, isPhone]);
}

function sizeOf({ kind, key, title }: RunColumn): number {
  if (kind === "attributes") return SIZES[key] ?? 120;
  return Math.round(Math.min(150, Math.max(92, 34 + title.length * 7)));
}
