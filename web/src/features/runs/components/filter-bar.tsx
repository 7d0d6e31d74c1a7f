import { CloseButton, Kbd, Popover } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";

import type { ApiError } from "@/api/http";
import type { RunColumns } from "@/api/runs";
import { usePageKeys } from "@/components/keys";
import { toFilter } from "@/lib/filter-text";
import { suggestIdentifiers } from "@/lib/suggest-identifiers";

import classes from "./filter-bar.module.css";
import { FilterError } from "./filter-error";
import { FilterHelp } from "./filter-help";

interface FilterBarProps {
  /** The filter that is applied. */
  filter: string;
  /** What the server said about it. */
  error: ApiError | null;
  columns: RunColumns | undefined;
  onFilter: (filter: string) => void;
}

export function FilterBar({ filter, error, columns, onFilter }: FilterBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(filter);
  const [applied, setApplied] = useState(filter);
  const [cursor, setCursor] = useState(0);
  const [isFocused, setIsFocused] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const focus = () => input.current?.focus();
  usePageKeys([{ keys: ["/"], meaning: "Filter the runs", hotkey: "/", run: focus }]);

  // A link or the back button changed the filter from outside.
  if (filter !== applied) {
    setApplied(filter);
    setDraft(filter);
  }

  const suggestions = useMemo(
    () => (columns === undefined ? null : suggestIdentifiers(draft, cursor, columns)),
    [draft, cursor, columns],
  );
  const options = suggestions?.options ?? [];
  const isDirty = draft.trim() !== applied;

  const apply = (text: string) => {
    const next = toFilter(text);
    setDraft(next);
    setApplied(next);
    setChosen(-1);
    onFilter(next);
  };
  const accept = (option: string) => {
    if (suggestions === null) return;
    const next = `${draft.slice(0, suggestions.start)}${option} ${draft.slice(suggestions.end)}`;
    const place = suggestions.start + option.length + 1;
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
      else accept(option);
    } else if (event.key === "Escape") {
      if (chosen !== -1) setChosen(-1);
      else input.current?.blur();
    }
  };

  return (
    <div className={classes.filter}>
      <Popover
        opened={isFocused}
        withRoles={false}
        position="bottom-start"
        offset={error === null ? 6 : 44}
        width={440}
        shadow="md"
      >
        <Popover.Target>
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
                setCursor(event.currentTarget.selectionStart ?? 0);
                setChosen(-1);
              }}
              onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
              onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
              onFocus={() => setIsFocused(true)}
              onBlur={() => setIsFocused(false)}
              onKeyDown={onKeyDown}
            />
            {isDirty && <Kbd size="xs">Enter</Kbd>}
            {!isDirty && draft !== "" && (
              <CloseButton size="sm" aria-label="Clear the filter" onClick={() => apply("")} />
            )}
            {!isDirty && draft === "" && !isFocused && <Kbd size="xs">/</Kbd>}
          </div>
        </Popover.Target>
        <Popover.Dropdown
          className={classes.dropdown}
          onMouseDown={(event) => event.preventDefault()}
        >
          {options.length > 0 ? (
            <div id="filter-options" role="listbox" aria-label="Names" className={classes.options}>
              {options.map((option, at) => (
                <div
                  key={option}
                  id={`filter-option-${at}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={at === chosen}
                  className={classes.option}
                  onMouseDown={() => accept(option)}
                >
                  {option}
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
