import { preferences, type NumberFormat } from "./preferences";

/** A number as a table shows it: in few significant digits, no more width than it needs. */
export function formatNumber(value: number, format: NumberFormat = preferences()): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const { digits, notation } = format;
  const size = Math.abs(value);
  const scientific = () => minus(trimExponent(value.toExponential(digits - 1)));
  if (notation === "scientific") return scientific();
  if (Number.isInteger(value) && (size < 1e7 || notation === "plain"))
    return minus(value.toLocaleString("en-US"));
  if (notation === "auto" && (size >= 1e6 || size < 1e-3)) return scientific();
  return minus(plain(value, digits));
}

/**
 * A number at an axis: with as many digits as tell it from the next one.
 *
 * @param step From one number to the next.
 * @param largest The greatest magnitude at the axis.
 */
export function formatTick(
  value: number,
  step: number,
  largest: number,
  format: NumberFormat = preferences(),
): string {
  const nDecimals = Math.max(0, -decimalPlace(step));
  if (format.notation !== "scientific" && largest < 1e6 && nDecimals <= 6) {
    return minus(value.toLocaleString("en-US", { maximumFractionDigits: nDecimals }));
  }
  const digits = Math.max(format.digits, decimalPlace(largest) - decimalPlace(step) + 1);
  return formatNumber(value, { ...format, digits: Math.min(17, digits) });
}

/** The power of ten of a number's first digit. */
function decimalPlace(size: number): number {
  return Math.floor(Math.log10(size) + 1e-9);
}

/** The same number with every digit that it has, for the hover text. */
export function formatNumberInFull(value: number): string {
  return Number.isFinite(value) ? String(value) : formatNumber(value);
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `2 runs`, `1 run`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `45.0s`, `7m 3s`, `2h 5m`, `3d 4h`. */
export function formatDuration(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${Math.max(0, Math.round(elapsedMs))}ms`;
  const seconds = elapsedMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${Math.floor(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

const AGES: [limitS: number, unitS: number, unit: string][] = [
  [60, 1, "s"],
  [3600, 60, "m"],
  [86_400, 3600, "h"],
  [86_400 * 30, 86_400, "d"],
  [86_400 * 365, 86_400 * 30, "mo"],
  [Number.POSITIVE_INFINITY, 86_400 * 365, "y"],
];

/** How long ago a time was, both in ms since the epoch: `5m ago`. */
export function formatAge(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000);
  if (seconds < 5) return "just now";
  const [, unitS, unit] = AGES.find(([limitS]) => seconds < limitS) ?? [0, 1, "s"];
  return `${Math.floor(seconds / unitS)}${unit} ago`;
}

/** Date and time to the second, in the chosen time zone: `2026-11-23 09:41:07`. */
export function formatTime(time: number, timeZone: string = preferences().timeZone): string {
  return clockOf(timeZone).format(time).replace(",", "");
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a hundred uses. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-CA", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      ...(timeZone === "" ? {} : { timeZone }),
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(sizeBytes) / 3));
  return `${Number((sizeBytes / 1000 ** power).toPrecision(3))} ${units[power - 1]}`;
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}

function trimExponent(text: string): string {
  const [digits = "", exponent = ""] = text.split("e");
  return `${Number(digits)}e${exponent.replace("+", "")}`;
}

/** With no exponent, whatever the size. */
function plain(value: number, digits: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= digits) return Math.round(value).toLocaleString("en-US", { useGrouping: false });
  const fixed = value.toFixed(Math.min(100, digits - 1 - exponent));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}
