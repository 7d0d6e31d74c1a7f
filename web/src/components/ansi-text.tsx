import { Fragment, type CSSProperties } from "react";

import { parseAnsi, stripAnsi, type StyledText } from "@/lib/ansi";

import classes from "./ansi-text.module.css";

/** The sixteen colours of a terminal, by the app's own so that they can be read on either theme. */
const PALETTE = [
  "var(--text-faint)",
  "var(--bad)",
  "var(--good)",
  "var(--warn)",
  "var(--run-0)",
  "var(--run-3)",
  "var(--run-8)",
  "var(--text)",
];

/** A line of a terminal in its colours; where something is searched for, that is marked instead. */
export function AnsiText({ text, search = "" }: { text: string; search?: string }) {
  if (search !== "") return <Marked text={stripAnsi(text)} search={search} />;
  return parseAnsi(text).map((stretch, at) => (
    // oxlint-disable-next-line react/no-array-index-key -- stretches have no other identity
    <span key={at} style={styleOf(stretch)}>
      {stretch.text}
    </span>
  ));
}

function Marked({ text, search }: { text: string; search: string }) {
  const parts: string[] = [];
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- parts have no other identity
      <mark key={at} className={classes.found}>
        {part}
      </mark>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- parts have no other identity
      <Fragment key={at}>{part}</Fragment>
    ),
  );
}

function styleOf(stretch: StyledText): CSSProperties {
  const { color, background, isBold, isFaint, isItalic, isUnderlined } = stretch;
  return {
    ...(color === null ? {} : { color: cssColor(color) }),
    ...(background === null
      ? {}
      : { background: `color-mix(in srgb, ${cssColor(background)} 30%, transparent)` }),
    ...(isBold ? { fontWeight: 650 } : {}),
    ...(isFaint ? { color: "var(--text-soft)" } : {}),
    ...(isItalic ? { fontStyle: "italic" } : {}),
    ...(isUnderlined ? { textDecoration: "underline" } : {}),
  };
}

function cssColor(color: number | string): string {
  return typeof color === "string" ? color : (PALETTE[color % 8] ?? "inherit");
}
