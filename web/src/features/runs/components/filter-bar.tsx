import { ActionIcon, CloseButton, Kbd } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconFilter } from "@tabler/icons-react";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";

import { Tooltip } from "@/components/tooltip";
import { Popover } from "@/components/popover";
import type { ApiError } from "@/api/http";
import type { ViewType } from "@/api/schema";
import { usePageKeys } from "@/components/keys";
import { TableSkeleton } from "@/components/table-skeleton";
import { wantedAt } from "@/lib/complete-filter";
import { toFilter } from "@/lib/filter-text";

import { useFilterOptions } from "../use-filter-options";
import classes from "./filter-bar.module.css";
import { FilterError } from "./filter-error";
import { FilterHelp } from "./filter-help";
import { loaded } from "@/components/loaded";

interface FilterBarProps {
  experimentIds: readonly string[];
  viewType: ViewType;
  /** The filter that is applied. */
  filter: string;
  /** What the server said about it. */
  error: ApiError | null;
  onFilter: (filter: string) => void;
}

const FilterBuilder = loaded(
  async () => (await import("./filter-builder")).FilterBuilder,
  () => <TableSkeleton rows={2} />,
);

export function FilterBar({ experimentIds, viewType, filter, error, onFilter }: FilterBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(filter);
  const [applied, setApplied] = useState(filter);
  const [cursor, setCursor] = useState(0);
  const [isFocused, setIsFocused] = useState(false);
  const [isHelping, setIsHelping] = useState(false);
  const [isBuilding, setIsBuilding] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const focus = () => input.current?.focus();
  usePageKeys([{ keys: ["/"], meaning: "Filter the runs", hotkey: "/", run: focus }]);

  // A link or the back button changed the filter from outside.
  if (filter !== applied) {
    setApplied(filter);
    setDraft(filter);
  }

  const wanted = useMemo(
    () => (isFocused ? wantedAt(draft, cursor) : null),
    [isFocused, draft, cursor],
  );
  const options = useFilterOptions(wanted, { experimentIds, viewType });
  const isDirty = draft.trim() !== applied;

  const apply = (text: string) => {
    const next = toFilter(text);
    setDraft(next);
    setApplied(next);
    setChosen(-1);
    // What is found now is under the help.
    setIsHelping(false);
    onFilter(next);
  };
  const accept = (option: string) => {
    if (wanted === null) return;
    // What stands behind the cursor and belongs to the word goes with it.
    const after = draft.slice(cursor).replace(/^[\w`']+/, "");
    const next = `${draft.slice(0, wanted.start)}${option} ${after.trimStart()}`;
    const place = wanted.start + option.length + 1;
    setDraft(next);
    setCursor(place);
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const option = options[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (options.length === 0) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setChosen((chosen + step + options.length) % options.length);
    } else if (event.key === "Enter" || (event.key === "Tab" && option !== undefined)) {
      event.preventDefault();
      if (option === undefined) apply(draft);
      else accept(option.text);
    } else if (event.key === "Escape") {
      if (chosen !== -1) setChosen(-1);
      else input.current?.blur();
    }
  };

  return (
    <div className={classes.filter}>
      <Popover
        opened={isFocused && isHelping && !isBuilding}

        position="bottom-start"
        offset={error === null ? 6 : 44}
        width={440}
      >
        <Popover.Target opens={null}>
          <div className={classes.box} data-error={(error !== null && !isDirty) || undefined}>
            <IconFilter size={15} stroke={1.6} aria-hidden />
            <input
              ref={input}
              className={classes.input}
              value={draft}
              placeholder="Filter: metrics.loss < 0.5 AND params.model = 'tree'"
              aria-label="Filter runs"
              aria-invalid={error !== null}
              aria-errormessage="filter-error"
              role="combobox"
              aria-expanded={isFocused && options.length > 0}
              aria-controls="filter-options"
              aria-activedescendant={chosen === -1 ? undefined : `filter-option-${chosen}`}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setDraft(event.currentTarget.value);
                setIsHelping(true);
                setCursor(event.currentTarget.selectionStart ?? 0);
                setChosen(-1);
              }}
              onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
              onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
              onFocus={() => {
                setIsFocused(true);
                setIsHelping(true);
              }}
              onBlur={() => setIsFocused(false)}
              onKeyDown={onKeyDown}
            />
            {isDirty && <Kbd size="xs">Enter</Kbd>}
            {!isDirty && draft !== "" && (
              <CloseButton size="sm" aria-label="Clear the filter" onClick={() => apply("")} />
            )}
            {!isDirty && draft === "" && !isFocused && <Kbd size="xs">/</Kbd>}
            <Popover
              opened={isBuilding}
              onChange={setIsBuilding}
              position="bottom-end"
              width={620}

              takesFocus
            >
              <Popover.Target>
                <Tooltip label="Build the filter by choosing">
                  <ActionIcon
                    size="sm"
                    aria-label="Build the filter"
                    onClick={() => setIsBuilding(!isBuilding)}
                  >
                    <IconAdjustmentsHorizontal size={16} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              </Popover.Target>
              <Popover.Dropdown className={classes.dropdown}>
                <FilterBuilder
                  experimentIds={experimentIds}
                  viewType={viewType}
                  filter={filter}
                  onFilter={(next) => {
                    apply(next);
                    setIsBuilding(false);
                  }}
                />
              </Popover.Dropdown>
            </Popover>
          </div>
        </Popover.Target>
        <Popover.Dropdown
          role="group"
          aria-label="Help with the filter"
          className={classes.dropdown}
          onMouseDown={(event) => event.preventDefault()}
        >
          {options.length > 0 ? (
            <div
              id="filter-options"
              role="listbox"
              aria-label="Suggestions"
              className={classes.options}
            >
              {options.map(({ text, hint }, at) => (
                <div
                  key={text}
                  id={`filter-option-${at}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={at === chosen}
                  className={classes.option}
                  onMouseDown={() => accept(text)}
                >
                  {text}
                  {hint !== undefined && <span className={classes.hint}>{hint}</span>}
                </div>
              ))}
            </div>
          ) : (
            <FilterHelp />
          )}
        </Popover.Dropdown>
      </Popover>
      {error !== null && !isDirty && (
        <FilterError id="filter-error" error={error} filter={applied} scrolled={scrolled} />
      )}
    </div>
  );
}
