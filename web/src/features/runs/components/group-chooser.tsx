import { Button } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";

import { loaded } from "@/components/loaded";
import { Popover } from "@/components/popover";

export interface GroupChooserProps {
  experimentIds: readonly string[];
  groupBy: readonly string[];
  onGroupBy: (fields: string[]) => void;
}

const GroupFields = loaded(async () => (await import("./group-fields")).GroupFields);

/** By which params, tags and attributes the runs are grouped. */
export function GroupChooser(props: GroupChooserProps) {
  const { groupBy } = props;
  return (
    <Popover position="bottom-end" width={290}>
      <Popover.Target>
        <Button
          variant={groupBy.length > 0 ? "light" : "default"}
          leftSection={<IconStack2 size={15} />}
        >
          {groupBy.length > 0 ? `Group (${groupBy.length})` : "Group"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown style={{ padding: 0 }}>
        <GroupFields {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}
