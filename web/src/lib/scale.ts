import { formatDuration, formatNumber, formatTick } from "./format";

export interface Tick {
  value: number;
  label: string;
}

/** Where values are along an axis. */
export interface Scale {
  kind: "linear" | "log" | "time" | "duration" | "category";
  domain: readonly [number, number];
  /** 0 at the domain's start, 1 at its end; NaN for what the scale cannot show. */
  at: (value: number) => number;
  /** The value at a fraction. */
  invert: (fraction: number) => number;
  ticks: (nWanted: number) => Tick[];
}

export function linearScale(low: number, high: number): Scale {
  const [start, end] = apart(low, high);
  return {
    kind: "linear",
    domain: [start, end],
    at: (value) => (value - start) / (end - start),
    invert: (fraction) => start + fraction * (end - start),
    ticks: (nWanted) => {
      const step = niceStep((end - start) / Math.max(1, nWanted));
      return linearTicks(multiples(start, end, step), step);
    },
  };
}

/** Positive values by their magnitude; what is not positive has no place. */
export function logScale(low: number, high: number): Scale {
  const start = low > 0 ? low : Math.min(1, high > 0 ? high / 1000 : 1);
  const end = high > start ? high : start * 10;
  const [from, to] = [Math.log10(start), Math.log10(end)];
  return {
    kind: "log",
    domain: [start, end],
    at: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : Number.NaN),
    invert: (fraction) => 10 ** (from + fraction * (to - from)),
    ticks: (nWanted) => logTicks(start, end, nWanted),
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SPANS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
];

/** Times in ms since the epoch, with ticks at whole local hours and days. */
export function timeScale(low: number, high: number): Scale {
  const linear = linearScale(low, high);
  const [start, end] = linear.domain;
  return {
    ...linear,
    kind: "time",
    ticks: (nWanted) => {
      const step = spanFor((end - start) / Math.max(1, nWanted));
      const offset = new Date(start).getTimezoneOffset() * MINUTE;
      return multiples(start - offset, end - offset, step).map((local) => {
        const value = local + offset;
        return { value, label: timeLabel(new Date(value), step) };
      });
    },
  };
}

/** Spans of time in ms. */
export function durationScale(low: number, high: number): Scale {
  const linear = linearScale(low, high);
  const [start, end] = linear.domain;
  return {
    ...linear,
    kind: "duration",
    ticks: (nWanted) =>
      multiples(start, end, spanFor((end - start) / Math.max(1, nWanted))).map((value) => ({
        value,
        label: value === 0 ? "0" : formatDuration(value).replace(".0s", "s"),
      })),
  };
}

/** Names side by side: name i is at i, in the middle of its share. */
export function categoryScale(names: readonly string[]): Scale {
  const n = Math.max(1, names.length);
  return {
    kind: "category",
    domain: [-0.5, n - 0.5],
    at: (value) => (value + 0.5) / n,
    invert: (fraction) => fraction * n - 0.5,
    ticks: (nWanted) => {
      const every = Math.max(1, Math.ceil(names.length / Math.max(1, nWanted)));
      return names.flatMap((label, value) => (value % every === 0 ? [{ value, label }] : []));
    },
  };
}

/** A range with some room at both ends; on a log scale the room is a factor. */
export function padded(low: number, high: number, isLog = false, share = 0.05): [number, number] {
  if (isLog) {
    if (low <= 0) return [low, high];
    const factor = low === high ? 2 : (high / low) ** share;
    return [low / factor, high * factor];
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * share;
  return [low - room, high + room];
}

function apart(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low < high) return [low, high];
  const room = Math.abs(low) * 0.5 || 1;
  return [low - room, low + room];
}

/** 1, 2 or 5 times a power of ten, at least as large as asked for. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function spanFor(least: number): number {
  const found = SPANS.find((span) => span >= least);
  return found ?? niceStep(least / (365 * DAY)) * 365 * DAY;
}

function multiples(start: number, end: number, step: number): number[] {
  const values: number[] = [];
  const first = Math.ceil(start / step - 1e-9);
  for (let at = first; at * step <= end + step * 1e-9 && values.length < 200; at += 1) {
    // Rounded: 3 · 0.1 is to be labelled 0.3.
    values.push(Number((at * step).toPrecision(12)));
  }
  return values;
}

function linearTicks(values: readonly number[], step: number): Tick[] {
  const largest = Math.max(...values.map(Math.abs));
  return values.map((value) => ({ value, label: formatTick(value, step, largest) }));
}

function logTicks(start: number, end: number, nWanted: number): Tick[] {
  const [from, to] = [Math.ceil(Math.log10(start) - 1e-9), Math.floor(Math.log10(end) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  if (powers.length < 2) {
    // Within a decade or two, values lie nearly as evenly as on a linear axis.
    const step = niceStep((end - start) / Math.max(1, nWanted));
    return linearTicks(
      multiples(start, end, step).filter((value) => value > 0),
      step,
    );
  }
  const factors = powers.length <= nWanted / 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(powers.length / Math.max(2, nWanted)));
  return [from - 1, ...powers]
    .filter((power) => (power - from) % every === 0)
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(12))))
    .filter((value) => value >= start * (1 - 1e-9) && value <= end * (1 + 1e-9))
    .map((value) => ({ value, label: formatNumber(value) }));
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}

function timeLabel(date: Date, step: number): string {
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= 365 * DAY) return String(date.getFullYear());
  if (step >= DAY || (date.getHours() === 0 && date.getMinutes() === 0 && step >= MINUTE))
    return day;
  if (step >= MINUTE) return minutes;
  const seconds = `${minutes}:${two(date.getSeconds())}`;
  return step >= SECOND
    ? seconds
    : `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
