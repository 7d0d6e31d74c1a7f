import { Button } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";

import { loaded } from "@/components/loaded";
import { Popover } from "@/components/popover";
import type { RunColumn } from "@/lib/run-columns";

export interface ColumnChooserProps {
  experimentIds: readonly string[];
  shown: readonly RunColumn[];
  /** Called with the columns to show, or null for those that are shown by default. */
  onChange: (columns: RunColumn[] | null) => void;
}

const ColumnList = loaded(async () => (await import("./column-list")).ColumnList);

/** Which columns the table has, of however many there are. */
export function ColumnChooser(props: ColumnChooserProps) {
  return (
    <Popover position="bottom-end" width={330}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={15} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown style={{ padding: 0 }}>
        <ColumnList {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}
