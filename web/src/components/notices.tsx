import { CloseButton } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";

import classes from "./notices.module.css";

export interface Notice {
  title?: string;
  message: string;
  isError: boolean;
  /** What the button beside the message says and does. */
  action?: { label: string; run: () => void };
}

interface Shown extends Notice {
  id: number;
}

const MOST_SHOWN = 4;
const SHOWN_MS = 10_000;

let shown: readonly Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

export function showNotice(notice: Notice): void {
  const id = nextId;
  nextId += 1;
  change([...shown.slice(1 - MOST_SHOWN), { ...notice, id }]);
}

/** What the page has to say of what was done, newest last, each for a while. */
export function Notices() {
  const notices = useSyncExternalStore(subscribe, () => shown);

  return (
    <div className={classes.notices} role="region" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeBox({ notice }: { notice: Shown }) {
  const { id, title, message, isError, action } = notice;
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);

  return (
    <div className={classes.notice} role="alert" data-error={isError || undefined}>
      <div className={classes.text}>
        {title !== undefined && <strong className={classes.title}>{title}</strong>}
        {message}
      </div>
      {action !== undefined && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <CloseButton size="sm" aria-label="Close" onClick={() => dismiss(id)} />
    </div>
  );
}

function dismiss(id: number): void {
  change(shown.filter((one) => one.id !== id));
}

function change(next: readonly Shown[]): void {
  shown = next;
  for (const notify of listeners) notify();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
