import classes from "./overlay.module.css";
import { placeOverlay } from "./place-overlay";

const REST_MS = 300;
const ID = "tip";

/** Shows the text of `data-tip` near whatever has it: one listener for the page, not one for each. */
export function startTips(): void {
  let owner: Element | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tip = document.createElement("div");
  tip.id = ID;
  tip.role = "tooltip";
  tip.popover = "manual";
  tip.className = classes.tip ?? "";

  const show = () => {
    const text = owner?.getAttribute("data-tip");
    if (!owner?.isConnected || !text) return;
    tip.textContent = text;
    document.body.append(tip);
    tip.showPopover();
    placeOverlay(tip, owner, "bottom", 6);
    if (owner.getAttribute("aria-label") !== text) owner.setAttribute("aria-describedby", ID);
  };
  const hide = () => {
    clearTimeout(timer);
    tip.remove();
    if (owner?.getAttribute("aria-describedby") === ID) owner.removeAttribute("aria-describedby");
    owner = null;
  };
  const onTarget = (target: EventTarget | null, waitMs: number) => {
    const next = target instanceof Element ? target.closest("[data-tip]") : null;
    if (next === owner) return;
    hide();
    owner = next;
    if (next !== null) timer = setTimeout(show, waitMs);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") onTarget(event.target, REST_MS);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) onTarget(target, 0);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", hide);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
