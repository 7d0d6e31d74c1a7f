import { Button, Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { findColumnNames } from "@/api/run-table";
import { isTextField } from "@/lib/complete-filter";

import { fieldsOf } from "../use-filter-options";
import classes from "./column-chooser.module.css";
import type { GroupChooserProps } from "./group-chooser";

const TYPING_MS = 150;
const MOST = 60;
const EXPERIMENT = "attributes.experiment_name";
const NOT_SHARED = new Set(["attributes.run_id", "attributes.run_name"]);

/** The fields that runs can be grouped by, with a search. */
export function GroupFields({ experimentIds, groupBy, onGroupBy }: GroupChooserProps) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), TYPING_MS);
  const names = useQuery(findColumnNames(experimentIds, wanted)).data;
  const isOne = experimentIds.length === 1;
  const fields = fieldsOf(names).filter(
    (field) =>
      isTextField(field) &&
      !NOT_SHARED.has(field) &&
      !(isOne && field === EXPERIMENT) &&
      !field.includes("mlflow.") &&
      field.toLowerCase().includes(wanted.toLowerCase()),
  );
  const first = fields.filter((field) => field === EXPERIMENT);
  const shown = [...new Set([...groupBy, ...first, ...fields])].slice(0, MOST);

  return (
    <>
      <div className={classes.search}>
        <TextInput
          size="xs"
          aria-label="Search fields"
          placeholder="Search params and tags"
          autoFocus
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div className={classes.fields} role="group" aria-label="Group by">
        {shown.map((field) => (
          <Checkbox
            key={field}
            size="xs"
            label={field.replace(/^attributes\./, "").replaceAll("`", "")}
            checked={groupBy.includes(field)}
            onChange={(event) =>
              onGroupBy(
                event.currentTarget.checked
                  ? [...groupBy, field]
                  : groupBy.filter((one) => one !== field),
              )
            }
          />
        ))}
      </div>
      <div className={classes.foot}>
        <span className={classes.count}>Shows mean ± deviation</span>
        <Button
          variant="subtle"
          color="gray"
          disabled={groupBy.length === 0}
          onClick={() => onGroupBy([])}
        >
          Clear
        </Button>
      </div>
    </>
  );
}
