/** Something that can be chosen by its name. */
export interface Named {
  label: string;
  /** Further words that mean it. */
  keywords?: string;
}

/** Those that have each word of a text, at the beginning of one of their own words first. */
export function matchNamed<Item extends Named>(items: readonly Item[], text: string): Item[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = items.flatMap((item) => {
    const own = `${item.label} ${item.keywords ?? ""}`.toLowerCase();
    if (!words.every((word) => own.includes(word))) return [];
    const atBeginning = words.every((word) => ` ${own}`.includes(` ${word}`));
    return [{ item, rank: atBeginning ? 0 : 1 }];
  });
  return found.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item);
}
