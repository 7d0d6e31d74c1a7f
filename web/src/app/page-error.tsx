import type { ReactNode } from "react";

import { ApiError } from "@/api/http";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";

interface PageErrorProps {
  error: Error;
  /** What to say where the thing that the address names is not there. */
  missing: string;
  /** A link to where such things are. */
  elsewhere: ReactNode;
  onRetry: () => void;
}

/** Stands in the place of a page that cannot be shown. */
export function PageError({ error, missing, elsewhere, onRetry }: PageErrorProps) {
  if (error instanceof ApiError && error.isNotFound) {
    return <EmptyState title={missing} hint={error.message} action={elsewhere} />;
  }
  return <ErrorPanel error={error} onRetry={onRetry} />;
}
