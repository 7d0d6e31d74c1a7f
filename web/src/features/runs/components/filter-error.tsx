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
  const length =
    place === null ? 0 : Math.max(1, Math.min(place.length, filter.length - place.position));

  return (
    <div id={id} className={classes.error} role="alert">
      {place !== null && (
        <div className={classes.ruler} aria-hidden>
          <span
            className={classes.mark}
            data-position={place.position}
            style={{ left: `calc(${place.position}ch - ${scrolled}px)`, width: `${length}ch` }}
          />
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
