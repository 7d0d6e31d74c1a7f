import { ActionIcon, Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";

import { findFacet } from "@/api/run-groups";
import { findColumnNames } from "@/api/run-table";
import type { ViewType } from "@/api/schema";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { nameTyped } from "@/lib/complete-filter";
import { withComparisons } from "@/lib/filter-tree";

import { fieldsOf } from "../use-filter-options";
import { FacetHistogram } from "./facet-histogram";
import { FacetValues } from "./facet-values";
import classes from "./facets.module.css";

interface FacetsPanelProps {
  experimentIds: readonly string[];
  viewType: ViewType;
  filter: string;
  fields: readonly string[];
  onFields: (fields: string[]) => void;
  onFilter: (filter: string) => void;
  onClose: () => void;
}

const TYPING_MS = 150;

/** Which values some fields have, to filter by them. */
export function FacetsPanel(props: FacetsPanelProps) {
  const { experimentIds, fields, onFields, onClose } = props;
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(nameTyped(search), TYPING_MS);
  const names = useQuery(findColumnNames(experimentIds, wanted)).data;
  const known = fieldsOf(names);

  return (
    <section className={classes.panel} aria-label="Values">
      <div className={classes.head}>
        <Autocomplete
          size="xs"
          className={classes.add}
          aria-label="Add a field"
          placeholder="Add a param, metric or tag"
          value={search}
          data={known.filter((field) => !fields.includes(field))}
          limit={60}
          maxDropdownHeight={300}
          onChange={setSearch}
          onOptionSubmit={(field) => {
            setSearch("");
            onFields([field, ...fields]);
          }}
        />
        <ActionIcon aria-label="Close the values" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {fields.length === 0 && (
        <p className={classes.none}>Add a field to see its values among the runs.</p>
      )}
      {fields.map((field) => (
        <FacetCard key={field} {...props} field={field} />
      ))}
    </section>
  );
}

function FacetCard(props: FacetsPanelProps & { field: string }) {
  const { experimentIds, viewType, filter, fields, field, onFields, onFilter } = props;
  // The values are those without this field's own condition: else choosing one would hide the others.
  const others = withComparisons(filter, field, []);
  const query = useQuery(findFacet(field, { experimentIds, viewType, filter: others }));
  const facet = query.data;

  return (
    <section className={classes.card} aria-label={field}>
      <h3 className={classes.title}>
        <span title={field}>{field.replace(/^attributes\./, "").replaceAll("`", "")}</span>
        <ActionIcon
          size="xs"
          aria-label={`Remove ${field}`}
          onClick={() => onFields(fields.filter((one) => one !== field))}
        >
          <IconX size={13} />
        </ActionIcon>
      </h3>
      {query.isPending && <TableSkeleton rows={2} />}
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {facet !== undefined &&
        (facet.histogram === null ? (
          <FacetValues facet={facet} filter={filter} onFilter={onFilter} />
        ) : (
          <FacetHistogram
            facet={facet}
            histogram={facet.histogram}
            filter={filter}
            onFilter={onFilter}
          />
        ))}
    </section>
  );
}
