import { useLocalStorage } from "@mantine/hooks";
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

import classes from "./split-pane.module.css";

interface SplitPaneProps {
  /** Under which name the widths are remembered. */
  name: string;
  label: string;
  left: ReactNode;
  /** null leaves all the room to the left. */
  right: ReactNode | null;
}

const SMALLEST = 20;
const LARGEST = 80;
const KEY_STEP = 4;

/** Two panes with a movable border between them; one over the other where there is no room. */
export function SplitPane({ name, label, left, right }: SplitPaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const [percent, setPercent] = useLocalStorage({
    key: `fluvial.split.${name}`,
    defaultValue: 58,
    getInitialValueInEffect: false,
  });
  const move = (next: number) => setPercent(Math.min(LARGEST, Math.max(SMALLEST, next)));

  if (right === null) return <div className={classes.alone}>{left}</div>;
  return (
    <div
      className={classes.split}
      ref={box}
      style={{ "--left": `${percent}%` } as React.CSSProperties}
    >
      <div className={classes.left}>{left}</div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={label}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={SMALLEST}
        aria-valuemax={LARGEST}
        tabIndex={0}
        className={classes.border}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === "ArrowLeft") move(percent - KEY_STEP);
          if (event.key === "ArrowRight") move(percent + KEY_STEP);
        }}
        onPointerDown={(event: PointerEvent<HTMLElement>) =>
          event.currentTarget.setPointerCapture(event.pointerId)
        }
        onPointerMove={(event: PointerEvent<HTMLElement>) => {
          const bounds = box.current?.getBoundingClientRect();
          if (!bounds || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
          move((100 * (event.clientX - bounds.left)) / bounds.width);
        }}
      />
      <div className={classes.right}>{right}</div>
    </div>
  );
}
