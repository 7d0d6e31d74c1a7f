import { cloneElement, type ReactElement } from "react";

interface TooltipProps {
  label: string;
  children: ReactElement<object>;
}

/** Says more about what the pointer rests on or the focus is at; see tips.ts. */
export function Tooltip({ label, children, ...rest }: TooltipProps) {
  return cloneElement(children, { ...rest, "data-tip": label } as object);
}
