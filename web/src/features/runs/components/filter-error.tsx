import type { ApiError } from "@/api/http";

import classes from "./filter-bar.module.css";

interface FilterErrorProps {
  id: string;
  error: ApiError;
  filter: string;
  /** How far the input above is scrolled, in pixels. */
  scrolled: number;
}

/** What the server said, with the mark right under the character that it is about. */
export function FilterError({ id, error, filter, scrolled }: FilterErrorProps) {
  const { place } = error;
  // The server counts characters, JavaScript's indices count UTF-16 units.
  const characters = Array.from(filter);
  const start = place?.position ?? 0;
  const end = start + Math.max(1, place?.length ?? 0);

  return (
    <div id={id} className={classes.error} role="alert">
      {place !== null && (
        <div className={classes.ruler} aria-hidden>
          <span style={{ marginLeft: -scrolled }}>{characters.slice(0, start).join("")}</span>
          <span className={classes.mark} data-position={start}>
            {characters.slice(start, end).join("") || " "}
          </span>
        </div>
      )}
      <p className={classes.errorText}>
        {place === null ? error.message : firstLine(error.message)}
      </p>
    </div>
  );
}

/** The server goes on to draw the filter and a mark, for those who see only text. */
function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}
