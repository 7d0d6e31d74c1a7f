import { SegmentedControl, Select, Slider, Stack, Switch, Text } from "@mantine/core";

import type { RunColumns } from "@/api/runs";
import type { ChartSearch } from "@/lib/panels";
import { fieldChoices, fieldTitle } from "@/lib/run-fields";

interface OptionsFormProps {
  search: ChartSearch;
  columns: RunColumns;
  onSearch: (change: ChartSearch) => void;
}

const MAX_OPTIONS = 100;

/** What all line panels of a page share. */
export function OptionsForm({ search, columns, onSearch }: OptionsFormProps) {
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
      <Select
        size="xs"
        label="Average over runs that share"
        placeholder="Each run by itself"
        searchable
        clearable
        limit={MAX_OPTIONS}
        comboboxProps={{ withinPortal: false }}
        value={search.average ?? null}
        data={fieldChoices(columns, "texts").map((field) => ({
          value: field,
          label: fieldTitle(field),
        }))}
        onChange={(average) => onSearch({ average: average ?? undefined })}
      />
      {search.average !== undefined && (
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
