import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";

import type { Facet } from "@/api/run-groups";
import { quote } from "@/lib/filter-text";
import { comparisonsOf, unquote, withComparisons, type Comparison } from "@/lib/filter-tree";
import { formatCount } from "@/lib/format";

import classes from "./facets.module.css";

interface FacetValuesProps {
  facet: Facet;
  filter: string;
  onFilter: (filter: string) => void;
}

const FEW = 6;

/** The values of a text, the most frequent first; those that are checked are what the filter asks for. */
export function FacetValues({ facet, filter, onFilter }: FacetValuesProps) {
  const { field, values, nValues, nMissing } = facet;
  const [showsAll, setShowsAll] = useState(false);
  const [search, setSearch] = useState("");
  const [own] = comparisonsOf(filter, field);
  const isMissing = own?.operator === "IS NULL";
  const chosen = new Set(own !== undefined && !isMissing ? own.values.map(unquote) : []);
  const most = values[0]?.nRuns ?? 1;
  const found = values.filter(({ value }) => value.toLowerCase().includes(search.toLowerCase()));
  const shown = showsAll ? found : found.filter((one, at) => at < FEW || chosen.has(one.value));

  const toggle = (value: string) => {
    const next = new Set(chosen);
    if (!next.delete(value)) next.add(value);
    onFilter(withComparisons(filter, field, listed(field, [...next])));
  };

  return (
    <div className={classes.values}>
      {showsAll && values.length > FEW && (
        <TextInput
          size="xs"
          aria-label={`Search the values of ${field}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {shown.map(({ value, nRuns }) => (
        <div key={value} className={classes.value}>
          <span className={classes.bar} style={{ width: `${(100 * nRuns) / most}%` }} aria-hidden />
          <Checkbox
            size="xs"
            className={classes.check}
            label={<span title={value}>{value === "" ? "empty" : value}</span>}
            checked={chosen.has(value)}
            onChange={() => toggle(value)}
          />
          <span className={classes.count}>{formatCount(nRuns)}</span>
        </div>
      ))}
      {nMissing > 0 && (
        <div className={classes.value}>
          <Checkbox
            size="xs"
            className={classes.check}
            label={<i>none</i>}
            checked={isMissing}
            onChange={() =>
              onFilter(
                withComparisons(
                  filter,
                  field,
                  isMissing ? [] : [{ kind: "comparison", field, operator: "IS NULL", values: [] }],
                ),
              )
            }
          />
          <span className={classes.count}>{formatCount(nMissing)}</span>
        </div>
      )}
      {values.length > FEW && (
        <Button variant="subtle" size="compact-xs" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? "Fewer" : `${formatCount(nValues)} values`}
        </Button>
      )}
    </div>
  );
}

function listed(field: string, values: readonly string[]): Comparison[] {
  if (values.length === 0) return [];
  const operator = values.length === 1 ? "=" : "IN";
  return [{ kind: "comparison", field, operator, values: values.map(quote) }];
}
