import { Button, Group, Modal, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";

import type { RunColumns } from "@/api/runs";
import { readOptions, type Chart, type OptionField } from "@/charts/define-chart";
import { CHARTS } from "@/charts/registry";
import type { PanelState } from "@/lib/panels";

import type { Panel } from "../panel-sections";
import classes from "./metric-charts.module.css";
import { OptionInput } from "./option-input";

interface PanelDialogProps {
  /** The panel to change; null for a new one. */
  edited: Panel | null;
  columns: RunColumns;
  metrics: readonly string[];
  onClose: () => void;
  onSave: (id: string, change: Partial<PanelState>) => void;
}

/** Adds a panel, or changes what one shows. */
export function PanelDialog({ edited, columns, metrics, onClose, onSave }: PanelDialogProps) {
  const [kind, setKind] = useState(edited?.kind ?? null);
  const chart = kind === null ? undefined : CHARTS.get(kind);
  const title = edited === null ? "Add a panel" : `Edit ${edited.title}`;

  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      {kind === null || chart === undefined ? (
        <div className={classes.kinds}>
          {[...CHARTS].map(([name, one]) => (
            <UnstyledButton key={name} className={classes.kind} onClick={() => setKind(name)}>
              <b>{one.title}</b>
              <span>{one.description}</span>
            </UnstyledButton>
          ))}
        </div>
      ) : (
        <ChartForm
          key={kind}
          chart={chart}
          edited={edited}
          columns={columns}
          metrics={metrics}
          onBack={edited === null ? () => setKind(null) : onClose}
          onSave={(state) => onSave(edited?.id ?? newId(), { kind, ...state })}
        />
      )}
    </Modal>
  );
}

interface ChartFormProps {
  chart: Chart<object>;
  edited: Panel | null;
  columns: RunColumns;
  metrics: readonly string[];
  onBack: () => void;
  onSave: (state: Partial<PanelState>) => void;
}

function ChartForm({ chart, edited, columns, metrics, onBack, onSave }: ChartFormProps) {
  const automatic = (options: object) => chart.titleOf(readOptions(chart, options)) || chart.title;
  const [options, setOptions] = useState<Record<string, unknown>>(edited?.options ?? {});
  const [title, setTitle] = useState(
    edited === null || edited.title === automatic(edited.options) ? "" : edited.title,
  );
  const all = readOptions(chart, options) as Record<string, unknown>;
  // The metric whose own panel this is stays.
  const fields = Object.entries(chart.fields as Record<string, OptionField>).filter(
    ([name]) => !(name === "metrics" && edited?.metric),
  );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { metrics: ofMetric, ...others } = options;
        const said = edited?.metric
          ? others
          : { ...others, ...(ofMetric ? { metrics: ofMetric } : {}) };
        onSave({
          title: title.trim() === "" ? undefined : title.trim(),
          options: Object.keys(said).length === 0 ? undefined : said,
          ...(edited?.metric ? { kind: undefined } : {}),
        });
      }}
    >
      <Stack gap="sm">
        <TextInput
          size="xs"
          label="Title"
          placeholder={automatic(options)}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {fields.map(([name, field]) => (
          <OptionInput
            key={name}
            field={field}
            value={all[name]}
            metrics={metrics}
            columns={columns}
            onChange={(value) => setOptions((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onBack}>
            {edited === null ? "Back" : "Cancel"}
          </Button>
          <Button type="submit">{edited === null ? "Add" : "Save"}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function newId(): string {
  return Math.random().toString(36).slice(2, 8);
}
