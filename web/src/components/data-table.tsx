import type { TableData } from "@/lib/table-data";

import { VirtualTable } from "./virtual-table";

interface DataTableProps {
  label: string;
  table: TableData;
}

/** Rows and columns of a file that was read whole. */
export function DataTable({ label, table }: DataTableProps) {
  const { columns, rows, isCut } = table;
  return (
    <VirtualTable
      label={label}
      columns={columns}
      nRows={rows.length}
      {...(isCut ? { remark: " (the first of more)" } : {})}
      cell={(row, column) => rows[row]?.[column] ?? ""}
    />
  );
}
