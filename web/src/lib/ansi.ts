/** A stretch of text that a terminal would draw in one style. */
export interface StyledText {
  text: string;
  /** 0 to 15 of the terminal's palette, or a colour in CSS, or null for the default. */
  color: number | string | null;
  background: number | string | null;
  isBold: boolean;
  isFaint: boolean;
  isItalic: boolean;
  isUnderlined: boolean;
}

type Style = Omit<StyledText, "text">;

const PLAIN: Style = {
  color: null,
  background: null,
  isBold: false,
  isFaint: false,
  isItalic: false,
  isUnderlined: false,
};

// Control sequences (ECMA-48: ESC [ parameters, a final byte), titles (ESC ] … BEL) and single ones.
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const ESCAPES = /\u001b(?:\[([0-9;:?]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * A line with the escape sequences of a terminal, as stretches of one style each.
 *
 * Read are colours and weights (SGR, ECMA-48 §8.3.117, with xterm's 256 and 24-bit colours);
 * what moves the cursor is left out.
 */
export function parseAnsi(line: string): StyledText[] {
  if (!line.includes("\u001b")) return line === "" ? [] : [{ text: line, ...PLAIN }];
  const stretches: StyledText[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of line.matchAll(ESCAPES)) {
    if (match.index > from) stretches.push({ text: line.slice(from, match.index), ...style });
    from = match.index + match[0].length;
    if (match[2] === "m") style = styleAfter(style, match[1] ?? "");
  }
  if (from < line.length) stretches.push({ text: line.slice(from), ...style });
  return stretches;
}

/** The line as it reads, without what steers a terminal. */
export function stripAnsi(line: string): string {
  return line.includes("\u001b") ? line.replaceAll(ESCAPES, "") : line;
}

function styleAfter(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((part) => (part === "" ? 0 : Number(part)));
  const style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes.slice(at + 1));
      style[code === 38 ? "color" : "background"] = color;
      at += used;
    } else {
      Object.assign(style, change(code));
    }
  }
  return style;
}

function change(code: number): Partial<Style> {
  if (code === 0) return PLAIN;
  if (code === 1) return { isBold: true };
  if (code === 2) return { isFaint: true };
  if (code === 3) return { isItalic: true };
  if (code === 4) return { isUnderlined: true };
  if (code === 22) return { isBold: false, isFaint: false };
  if (code === 23) return { isItalic: false };
  if (code === 24) return { isUnderlined: false };
  if (code === 39) return { color: null };
  if (code === 49) return { background: null };
  if (code >= 30 && code <= 37) return { color: code - 30 };
  if (code >= 90 && code <= 97) return { color: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 100 + 8 };
  return {};
}

/** One of the six steps of a channel in xterm's colour cube. */
function channel(step: number): number {
  return step === 0 ? 0 : 55 + step * 40;
}

/** The colour after 38 or 48, and how many codes it took. */
function extendedColor(codes: readonly number[]): [number | string | null, number] {
  const [mode, a = 0, b = 0, c = 0] = codes;
  if (mode === 2) return [`rgb(${a} ${b} ${c})`, 4];
  if (mode !== 5) return [null, 1];
  if (a < 16) return [a, 2];
  if (a >= 232) {
    const grey = 8 + (a - 232) * 10;
    return [`rgb(${grey} ${grey} ${grey})`, 2];
  }
  const cube = a - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return [`rgb(${channel(red)} ${channel(green)} ${channel(blue)})`, 2];
}
