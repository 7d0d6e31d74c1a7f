import { MultiSelect, SegmentedControl, Select, Slider, Stack, Switch, Text } from "@mantine/core";

import type { RunColumns } from "@/api/runs";
import type { ChartSearch } from "@/lib/panels";
import { fieldChoices, fieldTitle } from "@/lib/run-fields";

interface OptionsFormProps {
  search: ChartSearch;
  columns: RunColumns;
  /** What groups the table beside the charts. */
  groupBy: readonly string[];
  onSearch: (change: ChartSearch) => void;
}

const MAX_OPTIONS = 100;

/** What all line panels of a page share. */
export function OptionsForm({ search, columns, groupBy, onSearch }: OptionsFormProps) {
  const average = search.average ?? groupBy;
  return (
    <Stack gap="sm">
      <div>
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
          mb="xs"
          defaultValue={search.smoothing ?? 0}
          onChangeEnd={(smoothing) => onSearch({ smoothing: smoothing || undefined })}
        />
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Smoothed by"
          value={search.smoother ?? "ema"}
          data={[
            { value: "ema", label: "Exponential" },
            { value: "gaussian", label: "Gaussian" },
          ]}
          onChange={(value) =>
            onSearch({ smoother: value === "gaussian" ? "gaussian" : undefined })
          }
        />
      </div>
      <Switch
        size="xs"
        label="Logarithmic values"
        checked={search.log === true}
        onChange={(event) => onSearch({ log: event.currentTarget.checked || undefined })}
      />
      <Switch
        size="xs"
        label="Logarithmic horizontal axis"
        checked={search.logX === true}
        disabled={search.x === "time"}
        onChange={(event) => onSearch({ logX: event.currentTarget.checked || undefined })}
      />
      <Switch
        size="xs"
        label="Leave outliers out of the range"
        checked={search.clip === true}
        onChange={(event) => onSearch({ clip: event.currentTarget.checked || undefined })}
      />
      <Select
        size="xs"
        label="Another metric on the horizontal axis"
        placeholder="None"
        searchable
        clearable
        limit={MAX_OPTIONS}
        comboboxProps={{ withinPortal: false }}
        value={search.x === "metric" ? (search.xMetric ?? null) : null}
        data={columns.metrics}
        onChange={(metric) =>
          onSearch(
            metric === null
              ? { x: undefined, xMetric: undefined }
              : { x: "metric", xMetric: metric },
          )
        }
      />
      <MultiSelect
        size="xs"
        label="Average over runs that share"
        placeholder={average.length === 0 ? "Each run by itself" : ""}
        {...(groupBy.length > 0 && search.average === undefined
          ? { description: "As the table is grouped" }
          : {})}
        searchable
        clearable
        limit={MAX_OPTIONS}
        comboboxProps={{ withinPortal: false }}
        value={[...average]}
        data={[...new Set([...fieldChoices(columns, "texts"), ...average])].map((field) => ({
          value: field,
          label: fieldTitle(field),
        }))}
        onChange={(next) =>
          onSearch({ average: next.join("\n") === groupBy.join("\n") ? undefined : next })
        }
      />
      {average.length > 0 && (
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Band around an average"
          value={search.spread ?? "std"}
          data={[
            { value: "std", label: "Deviation" },
            { value: "ci", label: "95 % interval" },
          ]}
          onChange={(value) => onSearch({ spread: value === "ci" ? "ci" : undefined })}
        />
      )}
    </Stack>
  );
}
