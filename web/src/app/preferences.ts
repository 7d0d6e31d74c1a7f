import { parsePreferences, setPreferences, type Preferences } from "@/lib/preferences";

const KEY = "fluvial-preferences";

/** Reads what this browser has kept, and follows what other tabs change. */
export function startPreferences(): void {
  apply(read());
  window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) apply(read());
  });
}

export function keepPreferences(next: Preferences): void {
  localStorage.setItem(KEY, JSON.stringify(next));
  apply(next);
}

function read(): Preferences {
  const kept = localStorage.getItem(KEY);
  if (kept === null) return parsePreferences(null);
  try {
    return parsePreferences(JSON.parse(kept));
  } catch {
    return parsePreferences(null); // not written by this app: the defaults do no harm
  }
}

function apply(next: Preferences): void {
  const { dataset } = document.documentElement;
  dataset["density"] = next.density;
  dataset["palette"] = next.palette;
  setPreferences(next);
}
