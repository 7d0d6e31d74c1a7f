/** A table as sections: one with all runs, or one for each group with a row of its own above its runs. */

export interface Section<Head> {
  /** Which runs are in it, as the filter that finds them. */
  filter: string;
  /** What the row above its runs shows; null where there is none. */
  head: Head | null;
  /** How many rows of runs it shows. */
  nRows: number;
}

export interface PlacedSection<Head> extends Section<Head> {
  /** The row of the table at which it begins. */
  start: number;
}

export interface Located<Head> {
  section: PlacedSection<Head>;
  /** Which run of the section, from 0; -1 for the row above them. */
  offset: number;
}

export function placeSections<Head>(sections: readonly Section<Head>[]): PlacedSection<Head>[] {
  let start = 0;
  return sections.map((section) => {
    const placed = { ...section, start };
    start += sizeOf(section);
    return placed;
  });
}

export function countRows<Head>(sections: readonly PlacedSection<Head>[]): number {
  const last = sections.at(-1);
  return last === undefined ? 0 : last.start + sizeOf(last);
}

/** Which section a row is in. */
export function locate<Head>(
  sections: readonly PlacedSection<Head>[],
  row: number,
): Located<Head> | null {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle]?.start ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const section = sections[low];
  if (section === undefined) return null;
  const offset = row - section.start - (section.head === null ? 0 : 1);
  return offset < section.nRows ? { section, offset } : null;
}

export interface Tile {
  filter: string;
  /** Which page of the section. */
  page: number;
}

/** The pages of sections that some rows of the table are on. */
export function tilesOf<Head>(
  sections: readonly PlacedSection<Head>[],
  first: number,
  last: number,
  pageSize: number,
): Tile[] {
  const tiles = new Map<string, Tile>();
  for (let row = first; row < last; row += 1) {
    const located = locate(sections, row);
    if (located === null || located.offset < 0) continue;
    const page = Math.floor(located.offset / pageSize);
    tiles.set(`${page} ${located.section.filter}`, { filter: located.section.filter, page });
  }
  return [...tiles.values()];
}

function sizeOf<Head>({ head, nRows }: Section<Head>): number {
  return nRows + (head === null ? 0 : 1);
}
