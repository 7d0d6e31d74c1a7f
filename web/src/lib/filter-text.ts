/** A text as a literal of the search language. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A key after its noun, quoted where it is not a plain word: ``metrics.`val loss` ``. */
export function identifier(
  noun: "metrics" | "params" | "tags" | "attributes",
  key: string,
): string {
  return /^\w+$/.test(key) ? `${noun}.${key}` : `${noun}.\`${key}\``;
}

const PLAIN_WORDS = /^[\p{L}\p{N}\-_/:@.*" ]+$/u;
const LANGUAGE_WORD = /\b(?:and|or|not|in|is|r?like|ilike|between|matches|null)\b/i;
const TERM = /-?"[^"]*"\*?|[^ "]+/g;

/** What to search for when a person types plain words instead of a filter: beginnings of words anywhere. */
export function toFilter(text: string): string {
  const trimmed = text.trim();
  if (!PLAIN_WORDS.test(trimmed) || LANGUAGE_WORD.test(trimmed)) return trimmed;
  const terms = (trimmed.match(TERM) ?? []).map((term) =>
    /^-|["*]$/.test(term) ? term : `${term}*`,
  );
  return `text MATCHES ${quote(terms.join(" "))}`;
}
