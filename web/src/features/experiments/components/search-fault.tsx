import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";

import type { ApiError } from "@/api/http";
import { EmptyState } from "@/components/empty-state";

import classes from "./experiments-table.module.css";

interface SearchFaultProps {
  text: string;
  error: ApiError;
  onClear: () => void;
}

/** A search that cannot be read, with the place that is wrong underlined. */
export function SearchFault({ text, error, onClear }: SearchFaultProps) {
  const { place, message } = error;
  // The server counts characters, JavaScript's indices count UTF-16 units.
  const characters = Array.from(text);
  const start = place?.position ?? characters.length;
  const end = start + Math.max(1, place?.length ?? 0);

  return (
    <div role="alert">
      <EmptyState
        icon={<IconFilterOff size={28} stroke={1.5} />}
        title="The search cannot be read"
        hint={
          <>
            <code>
              {characters.slice(0, start).join("")}
              <span className={classes.fault}>{characters.slice(start, end).join("") || " "}</span>
              {characters.slice(end).join("")}
            </code>
            {/* The server goes on to draw the search and a mark, for those who see only text. */}
            <p>{message.split("\n", 1)[0]}</p>
          </>
        }
        action={
          <Button variant="default" onClick={onClear}>
            Show all experiments
          </Button>
        }
      />
    </div>
  );
}
