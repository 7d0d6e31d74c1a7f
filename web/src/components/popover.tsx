import {
  cloneElement,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type HTMLAttributes,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
} from "react";

import classes from "./overlay.module.css";
import { placeOverlay, type Side } from "./place-overlay";

interface PopoverState {
  id: string;
  isOpen: boolean;
  setIsOpen: (isOpen: boolean) => void;
  isControlled: boolean;
  /** Whether Escape and presses elsewhere close it. */
  canClose: boolean;
  target: RefObject<HTMLElement | null>;
  side: Side;
  width: number | undefined;
  gap: number;
  takesFocus: boolean;
}

export interface PopoverProps {
  /** Where it is left out, the target opens and closes it. */
  opened?: boolean;
  onChange?: (isOpen: boolean) => void;
  position?: Side;
  width?: number;
  /** Pixels between the target and what opens. */
  offset?: number;
  /** Whether the focus goes in when it opens, to `data-autofocus` where there is one. */
  takesFocus?: boolean;
  children: ReactNode;
}

const State = createContext<PopoverState | null>(null);
const FOCUSABLE = "input, button, select, textarea, a[href], [tabindex='0']";

/** Something that opens below its target, above the rest of the page, until Escape or a press elsewhere. */
export function Popover(props: PopoverProps) {
  const { opened, onChange, position = "bottom-end", width, offset = 6 } = props;
  const { takesFocus = false, children } = props;
  const [isOpenByItself, setOpenByItself] = useState(false);
  const id = useId();
  const target = useRef<HTMLElement | null>(null);
  const isControlled = opened !== undefined;
  const isOpen = opened ?? isOpenByItself;
  const canClose = !isControlled || onChange !== undefined;
  const setIsOpen = useCallback(
    (next: boolean) => {
      setOpenByItself(next);
      onChange?.(next);
    },
    [onChange],
  );
  const state = useMemo(
    () => ({
      id,
      isOpen,
      setIsOpen,
      isControlled,
      canClose,
      target,
      side: position,
      width,
      gap: offset,
      takesFocus,
    }),
    [id, isOpen, setIsOpen, isControlled, canClose, position, width, offset, takesFocus],
  );

  return <State value={state}>{children}</State>;
}

Popover.Target = PopoverTarget;
Popover.Dropdown = PopoverDropdown;

type TargetElement = ReactElement<HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> }>;

interface TargetProps {
  /** What the target is said to open; null for a box that is no button. */
  opens?: "dialog" | "menu" | null;
  children: TargetElement;
}

export function PopoverTarget({ opens = "dialog", children }: TargetProps) {
  const { id, isOpen, setIsOpen, isControlled, target } = usePopover();
  const onClick = (event: MouseEvent<HTMLElement>) => {
    children.props.onClick?.(event);
    if (!isControlled && !event.defaultPrevented) setIsOpen(!isOpen);
  };

  return cloneElement(children, {
    ref: target,
    ...(isControlled ? {} : { onClick }),
    ...(opens === null
      ? {}
      : {
          "aria-haspopup": opens,
          "aria-expanded": isOpen,
          "aria-controls": isOpen ? id : undefined,
        }),
  });
}

type DropdownProps = HTMLAttributes<HTMLDivElement>;

export function PopoverDropdown(props: DropdownProps) {
  return usePopover().isOpen ? <Dropdown {...props} /> : null;
}

function Dropdown({ role = "dialog", className, style, ...rest }: DropdownProps) {
  const { id, setIsOpen, canClose, target, side, width, gap, takesFocus } = usePopover();
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(() => setIsOpen(false));
  useEffect(() => {
    close.current = () => setIsOpen(false);
  }, [setIsOpen]);

  useLayoutEffect(() => {
    const [element, anchor] = [box.current, target.current];
    if (element === null || anchor === null) return;
    const place = () => placeOverlay(element, anchor, side, gap);
    const onPress = (event: Event) => {
      const pressed = event.target as Node;
      if (!element.contains(pressed) && !anchor.contains(pressed)) close.current();
    };
    const onEscape = (event: KeyboardEvent) => {
      const at = event.target as Element;
      // A list of choices that is open within closes by itself first.
      if (event.key !== "Escape" || at.matches("[role=combobox][aria-expanded=true]")) return;
      event.stopPropagation();
      close.current();
      if (element.contains(document.activeElement)) focusWithin(anchor);
    };
    // It has the name of what opens it, where it has none of its own.
    const name = anchor.getAttribute("aria-label") ?? anchor.textContent;
    if (!element.hasAttribute("aria-label") && name) element.setAttribute("aria-label", name);
    element.showPopover();
    place();
    if (takesFocus) focusWithin(element);
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener("resize", place);
    document.addEventListener("scroll", place, { capture: true, passive: true });
    if (canClose) {
      document.addEventListener("pointerdown", onPress, true);
      document.addEventListener("keydown", onEscape, true);
    }
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", place);
      document.removeEventListener("scroll", place, { capture: true });
      document.removeEventListener("pointerdown", onPress, true);
      document.removeEventListener("keydown", onEscape, true);
      element.hidePopover();
    };
  }, [target, side, gap, canClose, takesFocus]);

  return (
    <div
      {...rest}
      ref={box}
      id={id}
      role={role}
      popover="manual"
      className={`${classes.overlay} ${className ?? ""}`}
      style={{ width, ...style }}
      onBlur={(event) => {
        // The focus went on to what follows: by Tab, not by a press, after which nothing has it.
        const next = event.relatedTarget;
        if (next === null || event.currentTarget.contains(next)) return;
        if (target.current?.contains(next) !== true) setIsOpen(false);
      }}
    />
  );
}

export function usePopover(): PopoverState {
  const state = useContext(State);
  if (state === null) throw new Error("Popover's parts stand within a Popover.");
  return state;
}

/** Focuses what a person would write or press first. */
export function focusWithin(element: HTMLElement): void {
  const first =
    element.querySelector<HTMLElement>("[data-autofocus]") ??
    (element.matches(FOCUSABLE) ? element : element.querySelector<HTMLElement>(FOCUSABLE));
  (first ?? element).focus({ preventScroll: true });
}
