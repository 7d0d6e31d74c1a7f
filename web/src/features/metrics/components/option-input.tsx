import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";

import type { RunColumns } from "@/api/runs";
import type { OptionField } from "@/charts/define-chart";
import { fieldChoices, fieldTitle } from "@/lib/run-fields";

interface OptionInputProps {
  field: OptionField;
  value: unknown;
  metrics: readonly string[];
  columns: RunColumns;
  onChange: (value: unknown) => void;
}

const MAX_OPTIONS = 100;

/** The input for one option of a chart. */
export function OptionInput({ field, value, metrics, columns, onChange }: OptionInputProps) {
  const labels = { label: field.label, description: field.hint, size: "xs" as const };
  const text = typeof value === "string" ? value : "";
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  const search = { searchable: true, limit: MAX_OPTIONS, nothingFoundMessage: "Nothing found" };

  switch (field.kind) {
    case "switch":
      return (
        <Switch
          {...labels}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...labels}
          min={field.least}
          max={field.most}
          step={field.step}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => typeof next === "number" && onChange(next)}
        />
      );
    case "choice":
      return (
        <Select
          {...labels}
          allowDeselect={false}
          value={text}
          data={[...field.choices]}
          onChange={(next) => onChange(next ?? "")}
        />
      );
    case "metric":
      return (
        <Select
          {...labels}
          {...search}
          clearable
          value={text === "" ? null : text}
          data={[...metrics]}
          onChange={(next) => onChange(next ?? "")}
        />
      );
    case "metrics":
      return (
        <MultiSelect
          {...labels}
          {...search}
          value={texts}
          data={[...metrics]}
          onChange={onChange}
        />
      );
    case "field":
      return (
        <Select
          {...labels}
          {...search}
          clearable
          value={text === "" ? null : text}
          data={choices(columns, field.of)}
          onChange={(next) => onChange(next ?? "")}
        />
      );
    case "fields":
      return (
        <MultiSelect
          {...labels}
          {...search}
          value={texts}
          data={choices(columns, field.of)}
          onChange={onChange}
        />
      );
    case "long text":
      return (
        <Textarea
          {...labels}
          autosize
          minRows={6}
          maxRows={16}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "text":
      return (
        <TextInput
          {...labels}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function choices(columns: RunColumns, of: "numbers" | "texts" | "all") {
  const fields = fieldChoices(columns, of);
  const params = fields.filter((field) => field.startsWith("params."));
  const metrics = fields.filter((field) => /^(\w+\()?metrics\./.test(field));
  const tags = fields.filter((field) => field.startsWith("tags."));
  const others = fields.filter((field) => /^\w+$/.test(field));
  return [
    ofNoun("Params", params),
    ofNoun("Metrics", metrics),
    ofNoun("Tags", tags),
    ofNoun("Run", others),
  ].filter(({ items }) => items.length > 0);
}

function ofNoun(noun: string, fields: string[]) {
  return {
    group: noun,
    items: fields.map((field) => ({ value: field, label: fieldTitle(field) })),
  };
}
