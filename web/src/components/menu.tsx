import {
  type ButtonHTMLAttributes,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";

import classes from "./overlay.module.css";
import {
  focusWithin,
  Popover,
  PopoverDropdown,
  PopoverTarget,
  usePopover,
  type PopoverProps,
} from "./popover";

type MenuProps = Omit<PopoverProps, "takesFocus">;

/** Actions behind a button. Arrow keys go from one to the next, Escape and Tab close. */
export function Menu(props: MenuProps) {
  return <Popover {...props} takesFocus />;
}

Menu.Target = MenuTarget;
Menu.Dropdown = MenuDropdown;
Menu.Item = MenuItem;
Menu.Label = MenuLabel;
Menu.Divider = MenuDivider;

function MenuTarget({ children }: { children: ReactElement<object> }) {
  return <PopoverTarget opens="menu">{children}</PopoverTarget>;
}

function MenuDropdown({ className, children }: { className?: string; children: ReactNode }) {
  const { target, setIsOpen } = usePopover();

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Tab") {
      if (target.current !== null) focusWithin(target.current);
      setIsOpen(false);
      return;
    }
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const next = nextItem(event.key, items.indexOf(event.target as HTMLElement), items.length);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };
  return (
    <PopoverDropdown
      role="menu"
      tabIndex={-1}
      className={`${classes.menu} ${className ?? ""}`}
      onKeyDown={onKeyDown}
    >
      {children}
    </PopoverDropdown>
  );
}

interface MenuItemProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "color"> {
  leftSection?: ReactNode;
  rightSection?: ReactNode;
  /** Red for what takes something away. */
  color?: "red";
}

function MenuItem({ leftSection, rightSection, color, disabled, ...rest }: MenuItemProps) {
  const { target, setIsOpen } = usePopover();

  return (
    <button
      {...rest}
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={disabled}
      className={classes.item}
      data-danger={color === "red" || undefined}
      onClick={(event) => {
        if (disabled) return;
        if (target.current !== null) focusWithin(target.current);
        setIsOpen(false);
        rest.onClick?.(event);
      }}
    >
      {leftSection && <span className={classes.section}>{leftSection}</span>}
      <span className={classes.itemText}>{rest.children}</span>
      {rightSection && <span className={classes.section}>{rightSection}</span>}
    </button>
  );
}

function MenuLabel({ children }: { children: ReactNode }) {
  return <div className={classes.label}>{children}</div>;
}

function MenuDivider() {
  return <hr className={classes.divider} />;
}

function nextItem(key: string, at: number, n: number): number | null {
  if (n === 0) return null;
  switch (key) {
    case "ArrowDown":
      return (at + 1) % n;
    case "ArrowUp":
      return (at - 1 + n) % n;
    case "Home":
      return 0;
    case "End":
      return n - 1;
    default:
      return null;
  }
}
