/**
 * How a person wants numbers, times, rows and colours to look, for every page.
 *
 * The formatters of lib/format.ts read it here, so that no component has to hand it on; what shows
 * it is drawn anew when it changes (app/preferences.tsx).
 */

export const NOTATIONS = ["auto", "scientific", "plain"] as const;
export const DENSITIES = ["comfortable", "compact"] as const;
export const PALETTES = ["river", "distinct", "contrast"] as const;

/** Scientific for very large and very small numbers only, for all, or for none. */
export type Notation = (typeof NOTATIONS)[number];
export type Density = (typeof DENSITIES)[number];
export type Palette = (typeof PALETTES)[number];

export interface NumberFormat {
  /** Significant digits of a number that is not whole, 2 to 12. */
  digits: number;
  notation: Notation;
}

export interface Preferences extends NumberFormat {
  /** An IANA name, or "" for that of this machine. */
  timeZone: string;
  density: Density;
  palette: Palette;
}

export const DEFAULT_PREFERENCES: Preferences = {
  digits: 4,
  notation: "auto",
  timeZone: "",
  density: "comfortable",
  palette: "river",
};
export const FEWEST_DIGITS = 2;
export const MOST_DIGITS = 12;

let current: Preferences = DEFAULT_PREFERENCES;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  return current;
}

export function setPreferences(next: Preferences): void {
  current = next;
  for (const notify of listeners) notify();
}

export function watchPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was kept, with the default where there is nothing or nothing that this version knows. */
export function parsePreferences(raw: unknown): Preferences {
  const given = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const { digits, timeZone } = given;
  return {
    digits:
      Number.isInteger(digits) && Number(digits) >= FEWEST_DIGITS && Number(digits) <= MOST_DIGITS
        ? Number(digits)
        : DEFAULT_PREFERENCES.digits,
    notation: oneOf(NOTATIONS, given["notation"]) ?? DEFAULT_PREFERENCES.notation,
    timeZone:
      typeof timeZone === "string" && isTimeZone(timeZone)
        ? timeZone
        : DEFAULT_PREFERENCES.timeZone,
    density: oneOf(DENSITIES, given["density"]) ?? DEFAULT_PREFERENCES.density,
    palette: oneOf(PALETTES, given["palette"]) ?? DEFAULT_PREFERENCES.palette,
  };
}

/** Every time zone that this browser knows. */
export function timeZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}

function isTimeZone(name: string): boolean {
  if (name === "") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // that is how Intl says that it does not know a zone
  }
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return names.find((name) => name === value);
}
