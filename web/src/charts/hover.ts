/** What the pointer is on, shared by the charts of a page: they follow it without React. */
export interface Hovered {
  /** The place on the horizontal axis, and which axis it is. */
  x: number | null;
  axis: string;
  /** The run or group whose curve is nearest. */
  line: string | null;
  /** The panel that the pointer is in. */
  panel: string | null;
}

const NOTHING: Hovered = { x: null, axis: "", line: null, panel: null };

export class Hover {
  private listeners = new Set<(hovered: Hovered) => void>();
  private pending = 0;

  current: Hovered = NOTHING;

  readonly subscribe = (listener: (hovered: Hovered) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Once a frame, however often the pointer moves. */
  set(hovered: Hovered): void {
    this.current = hovered;
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      for (const listener of this.listeners) listener(this.current);
    });
  }

  leave(panel: string): void {
    if (this.current.panel === panel) this.set(NOTHING);
  }
}
