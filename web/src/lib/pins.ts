/** Things that a person keeps at hand, in this browser. */
export interface Pin {
  kind: "experiment" | "run";
  id: string;
  /** The experiment of a run, or the experiment itself. */
  experimentId: string;
  name: string;
}

export function isPinned(pins: readonly Pin[], id: string): boolean {
  return pins.some((pin) => pin.id === id);
}

/** The pins with one more, or without it where it was there. */
export function withPin(pins: readonly Pin[], pin: Pin): Pin[] {
  return isPinned(pins, pin.id) ? pins.filter((one) => one.id !== pin.id) : [...pins, pin];
}

/** What was kept; nothing of what this version does not know. */
export function parsePins(raw: unknown): Pin[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter(
    (one: unknown): one is Pin =>
      typeof one === "object" &&
      one !== null &&
      ["id", "experimentId", "name"].every(
        (key) => typeof (one as Record<string, unknown>)[key] === "string",
      ),
  );
}
