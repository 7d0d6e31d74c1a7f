const SIGNIFICANT_DIGITS = 4;

/** A number as a table shows it: four significant digits, no more width than it needs. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return minus(value.toLocaleString("en-US"));
  if (size >= 1e6 || size < 1e-3) return minus(trimExponent(value.toExponential(3)));
  return minus(String(Number(value.toPrecision(SIGNIFICANT_DIGITS))));
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

/** Local date and time to the second: `2026-11-23 09:41:07`. */
export function formatTime(time: number): string {
  const date = new Date(time);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(pad).join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(":")}`;
}

export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(sizeBytes) / 3));
  return `${Number((sizeBytes / 1000 ** power).toPrecision(3))} ${units[power - 1]}`;
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}

function trimExponent(text: string): string {
  const [digits = "", exponent = ""] = text.split("e");
  return `${Number(digits)}e${exponent.replace("+", "")}`;
}
