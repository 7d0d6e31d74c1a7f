export type Side = "bottom-start" | "bottom-end" | "bottom";

const MARGIN = 8;

/**
 * Puts a box of the top layer below another, or above where there is more room, within the window.
 *
 * @param gap Pixels between the two.
 */
export function placeOverlay(box: HTMLElement, target: Element, side: Side, gap: number): void {
  const at = target.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const below = innerHeight - at.bottom - gap - MARGIN;
  const above = at.top - gap - MARGIN;
  box.style.maxHeight = "";
  box.style.maxWidth = `${innerWidth - 2 * MARGIN}px`;
  const isBelow = box.offsetHeight <= below || below >= above;
  box.style.maxHeight = `${Math.max(80, isBelow ? below : above)}px`;
  const left =
    side === "bottom-start"
      ? at.left
      : side === "bottom-end"
        ? at.right - box.offsetWidth
        : (at.left + at.right - box.offsetWidth) / 2;
  const furthest = innerWidth - MARGIN - box.offsetWidth;
  box.style.left = `${Math.max(MARGIN, Math.min(left, furthest))}px`;
  box.style.top = `${isBelow ? at.bottom + gap : at.top - gap - box.offsetHeight}px`;
}
