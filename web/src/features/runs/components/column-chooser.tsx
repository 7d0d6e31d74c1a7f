import { Button, Checkbox, Popover, ScrollArea, TextInput } from "@mantine/core";
import { IconColumns3, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { formatCount } from "@/lib/format";
import { KINDS, type RunColumn } from "@/lib/run-columns";

import classes from "./column-chooser.module.css";

interface ColumnChooserProps {
  all: readonly RunColumn[];
  shown: readonly RunColumn[];
  /** Called with the columns to show, or null for those that are shown by default. */
  onChange: (columns: RunColumn[] | null) => void;
}

/** Rows of one group that are put on the page; the search narrows longer lists down. */
const MAX_LISTED = 200;

export function ColumnChooser({ all, shown, onChange }: ColumnChooserProps) {
  const [search, setSearch] = useState("");
  const shownIds = useMemo(() => new Set(shown.map((column) => column.id)), [shown]);
  const wanted = search.trim().toLowerCase();

  const show = (columns: readonly RunColumn[], isShown: boolean) => {
    const ids = new Set(columns.map((column) => column.id));
    onChange(all.filter(({ id }) => (ids.has(id) ? isShown : shownIds.has(id))));
  };

  return (
    <Popover position="bottom-end" width={300} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={15} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={classes.search}>
          <TextInput
            size="xs"
            aria-label="Search columns"
            placeholder="Search columns"
            data-autofocus
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
        <ScrollArea.Autosize mah={380} type="auto">
          {KINDS.map(({ kind, title }) => {
            const members = all.filter(
              (column) => column.kind === kind && column.title.toLowerCase().includes(wanted),
            );
            const nShown = members.filter(({ id }) => shownIds.has(id)).length;
            if (members.length === 0) return null;
            return (
              <fieldset key={kind} className={classes.group}>
                <legend className={classes.legend}>
                  <Checkbox
                    size="xs"
                    label={title}
                    checked={nShown === members.length}
                    indeterminate={nShown > 0 && nShown < members.length}
                    onChange={(event) => show(members, event.currentTarget.checked)}
                  />
                  <span className={classes.count}>
                    {formatCount(nShown)} of {formatCount(members.length)}
                  </span>
                </legend>
                {members.slice(0, MAX_LISTED).map((column) => (
                  <Checkbox
                    key={column.id}
                    size="xs"
                    className={classes.item}
                    label={column.title}
                    checked={shownIds.has(column.id)}
                    onChange={(event) => show([column], event.currentTarget.checked)}
                  />
                ))}
                {members.length > MAX_LISTED && (
                  <p className={classes.more}>
                    {formatCount(members.length - MAX_LISTED)} more: search to find them
                  </p>
                )}
              </fieldset>
            );
          })}
        </ScrollArea.Autosize>
        <div className={classes.foot}>
          <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
            Back to the default
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
