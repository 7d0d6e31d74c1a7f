import {
  ActionIcon,
  Autocomplete,
  Button,
  SegmentedControl,
  Select,
  TagsInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { findFacet } from "@/api/run-groups";
import { findColumnNames } from "@/api/run-table";
import type { ViewType } from "@/api/schema";
import { isTextField, nameTyped, NUMBER_OPERATORS, TEXT_OPERATORS } from "@/lib/complete-filter";
import { quote } from "@/lib/filter-text";
import {
  parseFilter,
  unquote,
  writeFilter,
  type Comparison,
  type FilterNode,
  type Group,
} from "@/lib/filter-tree";

import { fieldsOf } from "../use-filter-options";
import classes from "./filter-bar.module.css";

interface Where {
  experimentIds: readonly string[];
  viewType: ViewType;
}

interface FilterBuilderProps extends Where {
  filter: string;
  onFilter: (filter: string) => void;
}

const EMPTY: Comparison = { kind: "comparison", field: "", operator: "=", values: [""] };
const TYPING_MS = 150;

/** A filter by choosing fields, comparisons and values instead of typing. */
export function FilterBuilder({ filter, onFilter, ...where }: FilterBuilderProps) {
  const [tree, setTree] = useState<Group | null>(() => {
    const parsed = parseFilter(filter);
    return parsed?.children.length === 0 ? { ...parsed, children: [EMPTY] } : parsed;
  });

  if (tree === null) {
    return (
      <p className={classes.cannot}>
        The filter in the box has a fault. Mend or clear it there to build it here.
      </p>
    );
  }
  return (
    <form
      className={classes.builder}
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(writeFilter(complete(tree)));
      }}
    >
      <GroupEditor {...where} group={tree} onChange={setTree} onRemove={null} />
      <div className={classes.builderFoot}>
        <Button variant="default" onClick={() => setTree({ ...tree, children: [EMPTY] })}>
          Start over
        </Button>
        <Button type="submit">Apply</Button>
      </div>
    </form>
  );
}

interface GroupEditorProps extends Where {
  group: Group;
  onChange: (group: Group) => void;
  onRemove: (() => void) | null;
}

function GroupEditor({ group, onChange, onRemove, ...where }: GroupEditorProps) {
  const { joint, children } = group;
  const replace = (at: number, next: FilterNode | null) =>
    onChange({
      ...group,
      children: children.flatMap((child, place) => {
        if (place !== at) return [child];
        return next === null ? [] : [next];
      }),
    });
  const add = (node: FilterNode) => onChange({ ...group, children: [...children, node] });

  return (
    <fieldset className={classes.builderGroup} data-inner={onRemove !== null || undefined}>
      <legend className={classes.builderJoint}>
        <SegmentedControl
          size="xs"
          aria-label="How the conditions are joined"
          value={joint}
          data={[
            { value: "AND", label: "All of" },
            { value: "OR", label: "Any of" },
          ]}
          onChange={(value) => onChange({ ...group, joint: value === "OR" ? "OR" : "AND" })}
        />
        {onRemove !== null && (
          <ActionIcon size="sm" aria-label="Remove the group" onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </legend>
      {children.map((child, at) => {
        const key = `${at} of ${children.length}`;
        if (child.kind === "group") {
          return (
            <GroupEditor
              key={key}
              {...where}
              group={child}
              onChange={(next) => replace(at, next)}
              onRemove={() => replace(at, null)}
            />
          );
        }
        return (
          <div key={key} className={classes.builderRow}>
            {child.kind === "verbatim" ? (
              <code className={classes.verbatim}>{child.text}</code>
            ) : (
              <ComparisonEditor
                {...where}
                comparison={child}
                onChange={(next) => replace(at, next)}
              />
            )}
            <ActionIcon
              size="sm"
              aria-label="Remove the condition"
              onClick={() => replace(at, null)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        );
      })}
      <div className={classes.builderAdd}>
        <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => add(EMPTY)}>
          Condition
        </Button>
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            add({ kind: "group", joint: joint === "AND" ? "OR" : "AND", children: [EMPTY] })
          }
        >
          Group
        </Button>
      </div>
    </fieldset>
  );
}

interface ComparisonEditorProps extends Where {
  comparison: Comparison;
  onChange: (comparison: Comparison) => void;
}

function ComparisonEditor({ comparison, onChange, ...where }: ComparisonEditorProps) {
  const { field, operator, values } = comparison;
  const [wanted] = useDebouncedValue(nameTyped(field), TYPING_MS);
  const names = useQuery(findColumnNames(where.experimentIds, wanted)).data;
  const isText = isTextField(field);
  const facet = useQuery({
    ...findFacet(field, { ...where, filter: "" }),
    enabled: isText && field.includes("."),
    retry: false,
  }).data;
  const known = (facet?.field === field ? facet.values : []).map(({ value }) => value);
  const operators = [...(isText ? TEXT_OPERATORS : NUMBER_OPERATORS)];
  if (!operators.includes(operator)) operators.push(operator);
  const literal = (text: string) => (isText ? quote(text) : text);
  const setField = (next: string) => {
    const wasText = isTextField(field);
    const isNextText = isTextField(next);
    onChange(
      wasText === isNextText
        ? { ...comparison, field: next }
        : { kind: "comparison", field: next, operator: isNextText ? "=" : "<", values: [""] },
    );
  };

  return (
    <>
      <Autocomplete
        size="xs"
        className={classes.builderField}
        aria-label="Field"
        placeholder="Field"
        value={field}
        data={fieldsOf(names)}
        limit={60}
        maxDropdownHeight={260}
        comboboxProps={{ withinPortal: false }}
        onChange={setField}
      />
      <Select
        size="xs"
        className={classes.builderOperator}
        aria-label="Comparison"
        value={operator}
        data={operators}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) =>
          next !== null && onChange({ ...comparison, operator: next, values: fitted(values, next) })
        }
      />
      {operator.endsWith("IN") ? (
        <TagsInput
          size="xs"
          className={classes.builderValue}
          aria-label="Values"
          value={values.map(unquote).filter((one) => one !== "")}
          data={[...new Set(known)]}
          comboboxProps={{ withinPortal: false }}
          onChange={(next) => onChange({ ...comparison, values: next.map(literal) })}
        />
      ) : (
        values.map((value, at) => (
          <Autocomplete
            // The values of a comparison have no names but their places.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            size="xs"
            className={classes.builderValue}
            aria-label={values.length > 1 ? (at === 0 ? "From" : "To") : "Value"}
            placeholder={isText ? "Value" : "Number"}
            value={unquote(value)}
            data={[...new Set(known)]}
            limit={60}
            maxDropdownHeight={260}
            comboboxProps={{ withinPortal: false }}
            onChange={(next) =>
              onChange({
                ...comparison,
                values: values.map((one, place) => (place === at ? literal(next) : one)),
              })
            }
          />
        ))
      )}
    </>
  );
}

/** As many values as an operator takes. */
function fitted(values: readonly string[], operator: string): string[] {
  if (operator.startsWith("IS ")) return [];
  const [first = "", second = ""] = values;
  return operator.endsWith("BETWEEN") ? [first, second] : [first];
}

/** The tree without conditions that lack a field or a value. */
function complete(group: Group): Group {
  return {
    ...group,
    children: group.children.flatMap((child): FilterNode[] => {
      if (child.kind === "group") {
        const inner = complete(child);
        return inner.children.length === 0 ? [] : [inner];
      }
      if (child.kind === "verbatim") return [child];
      const isWhole = child.field.trim() !== "" && child.values.every((value) => value !== "");
      return isWhole && (child.values.length > 0 || child.operator.startsWith("IS "))
        ? [child]
        : [];
    }),
  };
}
