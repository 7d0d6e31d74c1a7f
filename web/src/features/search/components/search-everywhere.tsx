import { Kbd, Loader, Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import {
  IconBolt,
  IconBookmark,
  IconClock,
  IconCube,
  IconFileText,
  IconFlask,
  IconLayoutDashboard,
  IconPlayerPlay,
  IconSearch,
} from "@tabler/icons-react";
import { useId, useMemo, useState, type KeyboardEvent } from "react";

import { searchEverywhere, type FoundThings } from "@/api/everywhere";
import { matchNamed, type Named } from "@/lib/command-match";
import { formatAge } from "@/lib/format";
import type { RecentItem } from "@/lib/recent-items";

import classes from "./search-everywhere.module.css";

/** Something that is done by name, or a page that is opened. */
export interface Command extends Named {
  run: () => void;
}

interface SearchEverywhereProps {
  pages: readonly Command[];
  actions: readonly Command[];
  recents: readonly RecentItem[];
  /** Opens the page at a path below the `#` of the address. */
  onGo: (path: string) => void;
  onClose: () => void;
}

interface Option {
  label: string;
  hint?: string;
  run: () => void;
}

interface Group {
  title: string;
  Icon: typeof IconSearch;
  options: Option[];
}

const TYPING_MS = 120;

/** One field for everything that has a name; all of it by keyboard. */
export function SearchEverywhere(props: SearchEverywhereProps) {
  const { pages, actions, recents, onGo, onClose } = props;
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MS);
  const query = useQuery(searchEverywhere(wanted));
  const listId = useId();

  const groups = useMemo((): Group[] => {
    const found = text.trim() === "" ? undefined : query.data;
    // What an earlier text has found stays as long as its names have the new one too.
    const isOld = wanted !== text.trim() || query.isPlaceholderData;
    const here = (items: readonly Command[]) =>
      matchNamed(items, text).map(({ label, run }) => ({ label, run }));
    const recent = matchNamed(
      recents.map(({ path, title }) => ({ label: title, path })),
      text,
    ).map(({ label, path }) => ({ label, hint: kindOf(path), run: () => onGo(path) }));
    return [
      { title: "Recent", Icon: IconClock, options: recent },
      ...(found === undefined ? [] : foundGroups(found, onGo)).map(
        ({ title, Icon, options: all }) => ({
          title,
          Icon,
          options: isOld ? matchNamed(all, text) : all,
        }),
      ),
      { title: "Pages", Icon: IconLayoutDashboard, options: here(pages) },
      { title: "Actions", Icon: IconBolt, options: here(actions) },
    ].filter(({ options }) => options.length > 0);
  }, [text, wanted, query.data, query.isPlaceholderData, pages, actions, recents, onGo]);
  const options = groups.flatMap((group) => group.options);
  const chosen = Math.min(active, options.length - 1);

  const choose = (option: Option | undefined) => {
    if (option === undefined) return;
    onClose();
    option.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      const next = (chosen + step + options.length) % options.length;
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter") {
      event.preventDefault();
      choose(options[chosen]);
    }
  };

  let index = -1;
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12dvh"
      size={620}
      classNames={{ body: classes.dialog }}
      attributes={{ content: { "aria-label": "Search everywhere" } }}
    >
      <div className={classes.field}>
        <IconSearch size={18} stroke={1.6} aria-hidden />
        <input
          data-autofocus
          className={classes.input}
          role="combobox"
          aria-label="Search everywhere"
          aria-expanded={options.length > 0}
          aria-controls={listId}
          aria-activedescendant={options.length > 0 ? `${listId}-${chosen}` : undefined}
          aria-autocomplete="list"
          placeholder="Runs, experiments, models, views, reports, pages, actions"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        {query.isFetching && <Loader size={14} aria-label="Searching" />}
      </div>
      {query.isError && (
        <div className={classes.message} role="alert">
          {query.error.message}
        </div>
      )}
      <div id={listId} role="listbox" aria-label="What was found" className={classes.list}>
        {groups.map(({ title, Icon, options: members }) => (
          <div key={title} role="group" aria-label={title}>
            <div className={classes.heading} aria-hidden>
              {title}
            </div>
            {members.map((option) => {
              index += 1;
              const at = index;
              return (
                <div
                  key={`${option.label} ${at}`}
                  id={`${listId}-${at}`}
                  role="option"
                  tabIndex={-1}
                  onKeyDown={onKeyDown}
                  aria-selected={at === chosen}
                  className={classes.option}
                  onPointerMove={() => setActive(at)}
                  onClick={() => choose(option)}
                >
                  <Icon size={16} stroke={1.6} className={classes.icon} aria-hidden />
                  <span className={classes.label}>{option.label}</span>
                  {option.hint !== undefined && <span className={classes.hint}>{option.hint}</span>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {options.length === 0 && !query.isFetching && !query.isError && (
        <div className={classes.message}>
          Nothing has that in its name, its id or its texts. Words of a note or a param find a run.
        </div>
      )}
      <div className={classes.foot} aria-hidden>
        <span>
          <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> choose
        </span>
        <span>
          <Kbd size="xs">Enter</Kbd> open
        </span>
        <span>
          <Kbd size="xs">Esc</Kbd> close
        </span>
      </div>
    </Modal>
  );
}

function foundGroups(found: FoundThings, onGo: (path: string) => void): Group[] {
  const go = (path: string) => () => onGo(path);
  const now = Date.now();
  return [
    {
      title: "Experiments",
      Icon: IconFlask,
      options: found.experiments.map(({ id, name }) => ({
        label: name,
        run: go(`/experiments/${id}`),
      })),
    },
    {
      title: "Runs",
      Icon: IconPlayerPlay,
      options: found.runs.map((run) => ({
        label: run.name,
        hint: `${run.experimentName} · ${run.status.toLowerCase()} · ${formatAge(run.startTime, now)}`,
        run: go(`/experiments/${run.experimentId}/runs/${run.id}`),
      })),
    },
    {
      title: "Views",
      Icon: IconBookmark,
      options: found.views.map((view) => ({
        label: view.name,
        hint: view.experimentName,
        run: go(`/experiments/${view.experimentId}?saved=${view.id}`),
      })),
    },
    {
      title: "Models",
      Icon: IconCube,
      options: found.models.map((name) => ({
        label: name,
        run: go(`/models/${encodeURIComponent(name)}`),
      })),
    },
    {
      title: "Reports",
      Icon: IconFileText,
      options: found.reports.map(({ id, title }) => ({ label: title, run: go(`/reports/${id}`) })),
    },
  ];
}

function kindOf(path: string): string {
  if (path.includes("/runs/")) return "Run";
  if (path.includes("/compare")) return "Comparison";
  if (path.startsWith("/models")) return "Model";
  return path.startsWith("/reports") ? "Report" : "Experiment";
}
