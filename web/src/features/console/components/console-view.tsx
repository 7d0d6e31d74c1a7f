import { Checkbox, SegmentedControl, Select } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconTerminal2 } from "@tabler/icons-react";
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import { listConsoleSessions, type ConsoleSession } from "@/api/console";
import { AnsiText } from "@/components/ansi-text";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { SearchInput } from "@/components/search-input";
import { TableSkeleton } from "@/components/table-skeleton";
import { useSize } from "@/components/use-size";
import type { ConsoleLine, ConsoleStream } from "@/lib/console-log";
import { formatCount, formatPlural, formatTime } from "@/lib/format";
import { rowWindow, scrollTopFor } from "@/lib/table-window";

import { useConsoleLines } from "../use-console-lines";
import classes from "./console-view.module.css";

interface ConsoleViewProps {
  runId: string;
  isRunning: boolean;
  search: string;
  stream: ConsoleStream | undefined;
  onSearch: (search: string) => void;
  onStream: (stream: ConsoleStream | undefined) => void;
}

/** What the program of a run printed, as it grows. */
export function ConsoleView(props: ConsoleViewProps) {
  const sessions = useQuery(listConsoleSessions(props.runId));
  const [folder, setFolder] = useState<string | null>(null);

  if (sessions.isPending) return <TableSkeleton rows={12} />;
  if (sessions.isError) {
    return <ErrorPanel error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  const chosen = sessions.data.find((one) => one.folder === folder) ?? sessions.data.at(-1);
  if (chosen === undefined) {
    return (
      <EmptyState
        icon={<IconTerminal2 size={28} stroke={1.4} />}
        title={props.isRunning ? "Nothing printed yet" : "No console output"}
        hint={
          props.isRunning
            ? "What the program prints appears here within seconds."
            : "What a program prints during fluvial.start_run() is kept here, unless FLUVIAL_CAPTURE_CONSOLE=false."
        }
      />
    );
  }
  return (
    <Session
      key={chosen.folder}
      {...props}
      session={chosen}
      sessions={sessions.data}
      onSession={setFolder}
    />
  );
}

interface SessionProps extends ConsoleViewProps {
  session: ConsoleSession;
  sessions: readonly ConsoleSession[];
  onSession: (folder: string) => void;
}

const LINE_HEIGHT = 19;
const OVERSCAN = 16;
/** So close to the end, a person wants to see what comes next. */
const NEAR_END_PX = 40;

function Session({ runId, isRunning, search, stream, onSearch, onStream, ...rest }: SessionProps) {
  const { session, sessions, onSession } = rest;
  const lines = useConsoleLines(runId, session.folder, { text: search, stream: stream ?? "all" });
  const [follows, setFollows] = useState(isRunning);
  const [marked, setMarked] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [measured, { height: viewHeight }] = useSize();
  const ref = useMergedRef(scroller, measured);
  const [scrollTop, setScrollTop] = useState(0);
  const { onView, isSearching, count } = lines;
  const place = { nRows: count, rowHeight: LINE_HEIGHT, scrollTop, viewHeight };
  const { first, last, height, shift } = rowWindow({ ...place, overscan: OVERSCAN });
  useEffect(() => {
    if (!isSearching) onView(first, last - 1);
  }, [isSearching, onView, first, last]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (follows && box !== null) box.scrollTop = count * LINE_HEIGHT;
  }, [follows, count]);
  // A line that was found is shown among its neighbours, once all lines have their places again.
  const latest = useRef(place);
  useLayoutEffect(() => {
    latest.current = place;
  });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null || marked === null || isSearching) return;
    const half = latest.current.viewHeight / 2;
    const above = scrollTopFor(marked, { ...latest.current, scrollTop: Number.MAX_SAFE_INTEGER });
    box.scrollTop = Math.max(0, above - half);
  }, [marked, isSearching]);

  const showInPlace = useCallback(
    (index: number) => {
      setFollows(false);
      setMarked(index);
      onStream(undefined);
      onSearch("");
    },
    [onStream, onSearch],
  );
  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    setScrollTop(box.scrollTop);
    if (follows && box.scrollHeight - box.scrollTop - box.clientHeight > NEAR_END_PX) {
      setFollows(false);
    }
  };

  if (lines.isPending) return <TableSkeleton rows={12} />;
  if (lines.error) return <ErrorPanel error={lines.error} onRetry={lines.retry} />;
  return (
    <div className={classes.console}>
      <div className={classes.tools}>
        <SearchInput
          label="Search the console"
          placeholder="Search"
          width={220}
          value={search}
          hasHotkey
          onChange={onSearch}
        />
        <SegmentedControl
          size="xs"
          aria-label="Streams"
          value={stream ?? "all"}
          data={[
            { value: "all", label: "All" },
            { value: "out", label: "stdout" },
            { value: "err", label: "stderr" },
          ]}
          onChange={(next) => onStream(next === "all" ? undefined : next)}
        />
        {sessions.length > 1 && (
          <Select
            size="xs"
            aria-label="Session"
            allowDeselect={false}
            value={session.folder}
            data={sessions.map(({ folder, resumedAt }) => ({
              value: folder,
              label: resumedAt === null ? "From its beginning" : `Resumed ${formatTime(resumedAt)}`,
            }))}
            onChange={(next) => next !== null && onSession(next)}
          />
        )}
        <Checkbox
          size="xs"
          label="Follow the end"
          checked={follows}
          onChange={(event) => setFollows(event.currentTarget.checked)}
        />
        <span className={classes.state} aria-live="polite">
          {stateText(lines)}
        </span>
      </div>
      {/* A scrolling part of a page can be reached, and scrolled, with the keyboard. */}
      <div
        ref={ref}
        className={classes.scroller}
        tabIndex={0}
        role="log"
        aria-label="Console"
        aria-live="off"
        onScroll={onScroll}
      >
        <div className={classes.lines} style={{ height }}>
          <div
            className={classes.shown}
            style={{ transform: `translateY(${Math.round(first * LINE_HEIGHT + shift)}px)` }}
          >
            {Array.from({ length: Math.max(0, last - first) }, (_, at) => {
              const { index, line } = lines.lineAt(first + at);
              return (
                <Line
                  key={index}
                  index={index}
                  line={line}
                  search={search}
                  isMarked={index === marked && !isSearching}
                  onShow={isSearching ? showInPlace : null}
                />
              );
            })}
          </div>
        </div>
        {count === 0 && isSearching && lines.nRead === lines.nParts && (
          <p className={classes.none}>
            No line holds “{search}”{stream === undefined ? "" : " in this stream"}
          </p>
        )}
      </div>
    </div>
  );
}

interface LineProps {
  /** From 0, among all lines of the log. */
  index: number;
  /** undefined until its part was read. */
  line: ConsoleLine | undefined;
  search: string;
  isMarked: boolean;
  /** Leads from a line that was found to its neighbours. */
  onShow: ((index: number) => void) | null;
}

/** Scrolling draws those anew that come into view, no others. */
const Line = memo(function Line({ index, line, search, isMarked, onShow }: LineProps) {
  const number = formatCount(index + 1);

  return (
    <div className={classes.line} data-stream={line?.stream} data-marked={isMarked || undefined}>
      {onShow === null ? (
        <span className={classes.number} aria-hidden>
          {number}
        </span>
      ) : (
        <button
          type="button"
          className={classes.number}
          aria-label={`Show line ${number} among its neighbours`}
          onClick={() => onShow(index)}
        >
          {number}
        </button>
      )}
      {line === undefined ? (
        <span className={classes.wait}>…</span>
      ) : (
        <>
          <span className={classes.time}>{line.time !== null && <Clock time={line.time} />}</span>
          <span>
            <AnsiText text={line.text} search={search} />
          </span>
        </>
      )}
    </div>
  );
});

/** A phone has room for the time of the day alone. */
function Clock({ time }: { time: number }) {
  const [day = "", ofDay = ""] = formatTime(time).split(" ");
  return (
    <>
      <span className={classes.day}>{day} </span>
      {ofDay}.{String(time % 1000).padStart(3, "0")}
    </>
  );
}

function stateText({
  isSearching,
  nRead,
  nParts,
  count,
  total,
}: ReturnType<typeof useConsoleLines>) {
  if (!isSearching) return `${nRead < nParts ? "about " : ""}${formatPlural(total, "line")}`;
  if (nRead < nParts) return `Searching: ${nRead} of ${nParts} parts, ${formatCount(count)} found`;
  return `${formatCount(count)} of ${formatPlural(total, "line")}`;
}
