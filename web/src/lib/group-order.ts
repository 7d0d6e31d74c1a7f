const BY_NUMBER_THEN_TEXT = new Intl.Collator("en", { numeric: true });

/**
 * Groups in the order of what they are grouped by, where the table is ordered by one of these fields;
 * else as they are. Numbers come in their order although they are texts; runs that lack it come last.
 *
 * @param order As in a search: `params.depth DESC`.
 */
export function orderGroups<Group extends { values: readonly (string | null)[] }>(
  groups: readonly Group[],
  groupBy: readonly string[],
  order: string,
): readonly Group[] {
  const at = groupBy.indexOf(order.replace(/ (?:ASC|DESC)$/, ""));
  if (at === -1) return groups;
  const sign = order.endsWith(" DESC") ? -1 : 1;
  return groups.toSorted((one, other) => {
    const [a, b] = [one.values[at] ?? null, other.values[at] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compare(a, b);
  });
}

function compare(a: string, b: string): number {
  const difference = a.trim() === "" || b.trim() === "" ? Number.NaN : Number(a) - Number(b);
  return Number.isNaN(difference) ? BY_NUMBER_THEN_TEXT.compare(a, b) : difference;
}
