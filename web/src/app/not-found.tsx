import { Link } from "@tanstack/react-router";

import { EmptyState } from "@/components/empty-state";

export function NotFound() {
  return (
    <EmptyState
      title="No such page"
      hint="The link may be old or cut off."
      action={<Link to="/experiments">All experiments</Link>}
    />
  );
}
