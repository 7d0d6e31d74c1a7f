import { Button, Popover, SegmentedControl, Slider, Switch, Text } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";

import type { LineOptions, XAxis } from "@/charts/line/plot-data";
import { SearchInput } from "@/components/search-input";

import classes from "./metric-charts.module.css";

interface ChartToolbarProps {
  options: LineOptions;
  search: string;
  hasHotkey: boolean;
  onOptions: (change: Partial<LineOptions>) => void;
  onSearch: (search: string) => void;
}

const X_AXES: { value: XAxis; label: string }[] = [
  { value: "step", label: "Step" },
  { value: "time", label: "Time" },
  { value: "elapsed", label: "Elapsed" },
];

export function ChartToolbar({
  options,
  search,
  hasHotkey,
  onOptions,
  onSearch,
}: ChartToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <div className={classes.search}>
        <SearchInput
          label="Search metrics"
          placeholder="Search metrics"
          value={search}
          hasHotkey={hasHotkey}
          onChange={onSearch}
          width="100%"
        />
      </div>
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        value={options.xAxis}
        data={X_AXES}
        onChange={(value) => onOptions({ xAxis: value })}
      />
      <Popover position="bottom-end" width={240} withArrow>
        <Popover.Target>
          <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={15} />}>
            {options.smoothing > 0 ? `Smoothed ${options.smoothing}` : "Options"}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm" fw={500} mb={6}>
            Smoothing
          </Text>
          <Slider
            aria-label="Smoothing"
            thumbLabel="Smoothing"
            min={0}
            max={0.99}
            step={0.01}
            size="sm"
            mb="md"
            defaultValue={options.smoothing}
            onChangeEnd={(smoothing) => onOptions({ smoothing })}
          />
          <Switch
            size="xs"
            label="Logarithmic values"
            checked={options.logScale}
            onChange={(event) => onOptions({ logScale: event.currentTarget.checked })}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
