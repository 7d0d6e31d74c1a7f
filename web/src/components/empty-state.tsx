import type { ReactNode } from "react";

import classes from "./empty-state.module.css";

interface EmptyStateProps {
  title: string;
  hint?: ReactNode;
  icon?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, hint, icon, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {icon !== undefined && <div className={classes.icon}>{icon}</div>}
      <h2 className={classes.title}>{title}</h2>
      {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      {action}
    </div>
  );
}
