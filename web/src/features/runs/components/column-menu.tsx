import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowUp,
  IconCheck,
  IconEyeOff,
  IconFilterPlus,
  IconPin,
  IconPinnedOff,
  IconStack2,
} from "@tabler/icons-react";

import { Menu } from "@/components/menu";
import { isTextField } from "@/lib/complete-filter";
import { pinnedFirst, SHOWN, stepColumn, withShown, type RunColumn } from "@/lib/run-columns";
import { directionOf, withOrder } from "@/lib/table-order";

import type { RunsTableProps } from "./runs-table";
import classes from "./runs-table.module.css";

interface ColumnMenuProps extends RunsTableProps {
  column: RunColumn;
}

const SHOWN_TITLES: Record<RunColumn["shown"], string> = {
  last: "Last value",
  min: "Minimum",
  max: "Maximum",
  mean: "Mean",
  curve: "Curve",
};

/** All that can be done with a column, for the keyboard too. */
export function ColumnMenu(props: ColumnMenuProps) {
  const { column, columns, request, groupBy } = props;
  const { onColumns, onOrder, onGroupBy, onFacet } = props;
  const { id, kind, orderKey, isPinned, shown } = column;
  const change = (next: RunColumn) =>
    onColumns(pinnedFirst(columns.map((one) => (one.id === id ? next : one))));
  const isGrouping = orderKey !== null && groupBy.includes(orderKey);
  const canGroup = orderKey !== null && isTextField(orderKey);

  return (
    <>
      {kind === "metrics" && (
        <>
          <Menu.Label>Shows</Menu.Label>
          {SHOWN.map((one) => (
            <Menu.Item
              key={one}
              leftSection={<IconCheck size={14} opacity={one === shown ? 1 : 0} />}
              onClick={() => change(withShown(column, one))}
            >
              {SHOWN_TITLES[one]}
            </Menu.Item>
          ))}
          <Menu.Divider />
        </>
      )}
      {orderKey !== null && (
        <>
          <Menu.Item
            leftSection={<IconArrowUp size={14} />}
            onClick={() => onOrder(withOrder(orderKey, request.order, "ASC"))}
          >
            Order ascending
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={14} />}
            onClick={() => onOrder(withOrder(orderKey, request.order, "DESC"))}
          >
            Order descending
          </Menu.Item>
          {directionOf(orderKey, request.order) !== null && (
            <Menu.Item
              leftSection={<span />}
              onClick={() => onOrder(withOrder(orderKey, request.order, null))}
            >
              Do not order by it
            </Menu.Item>
          )}
          <Menu.Divider />
        </>
      )}
      {canGroup && (
        <Menu.Item
          leftSection={<IconStack2 size={14} />}
          onClick={() =>
            onGroupBy(
              isGrouping ? groupBy.filter((one) => one !== orderKey) : [...groupBy, orderKey],
            )
          }
        >
          {isGrouping ? "Do not group by it" : "Group by it"}
        </Menu.Item>
      )}
      {orderKey !== null && (
        <Menu.Item leftSection={<IconFilterPlus size={14} />} onClick={() => onFacet(orderKey)}>
          Filter by its values
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={isPinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
        onClick={() => change({ ...column, isPinned: !isPinned })}
      >
        {isPinned ? "Unpin" : "Pin beside the name"}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowLeft size={14} />}
        rightSection={<span className={classes.keys}>Alt ←</span>}
        onClick={() => onColumns(stepColumn(columns, id, -1))}
      >
        Move left
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowRight size={14} />}
        rightSection={<span className={classes.keys}>Alt →</span>}
        onClick={() => onColumns(stepColumn(columns, id, 1))}
      >
        Move right
      </Menu.Item>
      <Menu.Item
        leftSection={<IconEyeOff size={14} />}
        onClick={() => onColumns(columns.filter((one) => one.id !== id))}
      >
        Hide
      </Menu.Item>
    </>
  );
}
