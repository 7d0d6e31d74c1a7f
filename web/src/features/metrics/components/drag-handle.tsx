import { IconGripVertical } from "@tabler/icons-react";
import { useRef, type KeyboardEvent, type PointerEvent } from "react";

import classes from "./metric-charts.module.css";

interface DragHandleProps {
  title: string;
  place: { at: number; n: number; section: string };
  onMove: (to: number) => void;
}

/** Moves a panel among those of its section, with the pointer or the arrow keys. */
export function DragHandle({ title, place, onMove }: DragHandleProps) {
  const target = useRef<{ element: HTMLElement; isAfter: boolean } | null>(null);

  const mark = (next: typeof target.current) => {
    target.current?.element.removeAttribute("data-drop");
    target.current = next;
    next?.element.setAttribute("data-drop", next.isAfter ? "after" : "before");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = place.at + (KEYS[event.key] ?? 0);
    if (to === place.at || to < 0 || to >= place.n) return;
    event.preventDefault();
    onMove(to);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const over = document
      .elementsFromPoint(event.clientX, event.clientY)
      .map((element) => element.closest<HTMLElement>("[data-panel]"))
      .find((element) => element !== null);
    const own = event.currentTarget.closest("[data-panel]");
    if (!over || over === own || sectionOf(over) !== place.section) {
      mark(null);
      return;
    }
    const { left, width } = over.getBoundingClientRect();
    mark({ element: over, isAfter: event.clientX > left + width / 2 });
  };
  const onDrop = () => {
    const found = target.current;
    mark(null);
    if (found === null) return;
    const over = Number(found.element.querySelector("[data-at]")?.getAttribute("data-at"));
    const to = over + Number(found.isAfter) - Number(over > place.at);
    if (to !== place.at) onMove(to);
  };

  return (
    <button
      type="button"
      className={classes.grip}
      aria-label={`Move ${title}`}
      title="Drag, or use the arrow keys"
      data-at={place.at}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onPointerUp={onDrop}
      onPointerCancel={() => mark(null)}
    >
      <IconGripVertical size={13} stroke={1.6} />
    </button>
  );
}

const KEYS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

function sectionOf(panel: HTMLElement): string | undefined {
  return panel.closest<HTMLElement>("[data-section]")?.dataset["section"];
}
