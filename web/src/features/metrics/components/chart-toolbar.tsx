import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconListDetails, IconPlus } from "@tabler/icons-react";

import { Tooltip } from "@/components/tooltip";
import { Popover } from "@/components/popover";
import type { RunColumns } from "@/api/runs";
import { loaded } from "@/components/loaded";
import { SearchInput } from "@/components/search-input";
import type { ChartSearch, XAxis } from "@/lib/panels";

import classes from "./metric-charts.module.css";

const OptionsForm = loaded(async () => (await import("./options-form")).OptionsForm);

interface ChartToolbarProps {
  search: ChartSearch;
  columns: RunColumns;
  groupBy: readonly string[];
  hasHotkey: boolean;
  onSearch: (change: ChartSearch) => void;
  onAdd: () => void;
}

const X_AXES: { value: XAxis; label: string }[] = [
  { value: "step", label: "Step" },
  { value: "time", label: "Time" },
  { value: "elapsed", label: "Elapsed" },
];

export function ChartToolbar(props: ChartToolbarProps) {
  const { search, columns, groupBy, hasHotkey, onSearch, onAdd } = props;
  const { x = "step", smoothing = 0 } = search;
  return (
    <div className={classes.toolbar}>
      <div className={classes.search}>
        <SearchInput
          label="Search metrics"
          placeholder="Search metrics"
          value={search.metrics ?? ""}
          hasHotkey={hasHotkey}
          onChange={(text) => onSearch({ metrics: text === "" ? undefined : text })}
          width="100%"
        />
      </div>
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        value={x}
        data={x === "metric" ? [...X_AXES, { value: "metric", label: "Metric" }] : X_AXES}
        onChange={(value) => onSearch({ x: value === "step" ? undefined : value, logX: undefined })}
      />
      <Popover position="bottom-end" width={270}>
        <Popover.Target>
          <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={15} />}>
            {smoothing > 0 ? `Smoothed ${smoothing}` : "Options"}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <OptionsForm search={search} columns={columns} groupBy={groupBy} onSearch={onSearch} />
        </Popover.Dropdown>
      </Popover>
      <Tooltip label={search.legend === true ? "Hide the legend" : "Show the legend"}>
        <ActionIcon
          size={30}
          variant={search.legend === true ? "light" : "default"}
          aria-label="Legend"
          aria-pressed={search.legend === true}
          onClick={() => onSearch({ legend: search.legend === true ? undefined : true })}
        >
          <IconListDetails size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Button variant="default" leftSection={<IconPlus size={15} />} onClick={onAdd}>
        Panel
      </Button>
    </div>
  );
}
