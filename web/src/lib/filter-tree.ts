/** A filter of the search language as a tree that can be edited and written again. */

export type Joint = "AND" | "OR";

export interface Comparison {
  kind: "comparison";
  /** `max(metrics.loss)`, as it is written. */
  field: string;
  /** `=`, `NOT IN`, `IS NULL`, …, in capitals with one space. */
  operator: string;
  /** As they are written: `'a'`, `0.5`, `now() - 7d`. */
  values: string[];
}

export interface Group {
  kind: "group";
  joint: Joint;
  children: FilterNode[];
}

/** A part that is kept as it is written, such as what follows NOT. */
export interface Verbatim {
  kind: "verbatim";
  text: string;
}

export type FilterNode = Comparison | Group | Verbatim;

/** How many values an operator takes; a list for those that are not here. */
const N_VALUES: Record<string, number> = {
  "IS NULL": 0,
  "IS NOT NULL": 0,
  "IS NAN": 0,
  "IS NOT NAN": 0,
};

/** The tree of a filter, a group at the top; null where it is not understood. */
export function parseFilter(text: string): Group | null {
  const parser = new Parser(text);
  if (parser.isAtEnd) return { kind: "group", joint: "AND", children: [] };
  const node = parser.disjunction();
  if (node === null || !parser.isAtEnd) return null;
  return node.kind === "group" ? node : { kind: "group", joint: "AND", children: [node] };
}

export function writeFilter(node: FilterNode, isInner = false): string {
  if (node.kind === "verbatim") return node.text;
  if (node.kind === "comparison") return writeComparison(node);
  const parts = node.children.map((child) => writeFilter(child, true)).filter((one) => one !== "");
  const text = parts.join(` ${node.joint} `);
  return isInner && parts.length > 1 ? `(${text})` : text;
}

/** The filter with other comparisons of a field that hold by themselves; none take them out. */
export function withComparisons(
  text: string,
  field: string,
  comparisons: readonly Comparison[],
): string {
  const tree = parseFilter(text);
  if (tree === null) return text;
  const isOwn = (node: FilterNode) => node.kind === "comparison" && isSameField(node.field, field);
  const top = tree.joint === "AND" ? tree.children : [tree];
  return writeFilter({
    kind: "group",
    joint: "AND",
    children: [...top.filter((node) => !isOwn(node)), ...comparisons],
  });
}

/** The comparisons of a field that hold by themselves. */
export function comparisonsOf(text: string, field: string): Comparison[] {
  const tree = parseFilter(text);
  if (tree === null || tree.joint === "OR") return [];
  return tree.children.filter(
    (node): node is Comparison => node.kind === "comparison" && isSameField(node.field, field),
  );
}

/** Whether two spellings name one field: `status` is `attributes.status`. */
function isSameField(one: string, other: string): boolean {
  return plainField(one) === plainField(other);
}

function plainField(field: string): string {
  return field
    .replaceAll(/[`"]/g, "")
    .replace(/^(?:attributes|attribute|attr|run)\./, "")
    .replace(/^(metric|param|tag)\./, "$1s.");
}

/** The text of a literal; other values as they are. */
export function unquote(value: string): string {
  const quoted = /^(['"])([\s\S]*)\1$/.exec(value);
  if (quoted === null) return value;
  const [, mark = "", inner = ""] = quoted;
  return inner.replaceAll(mark + mark, mark);
}

function writeComparison({ field, operator, values }: Comparison): string {
  if (operator in N_VALUES) return `${field} ${operator}`;
  if (operator.endsWith("IN")) return `${field} ${operator} (${values.join(", ")})`;
  return `${field} ${operator} ${values.join(" AND ")}`;
}

const KEY = /(?:[^\W\d]\w*|`[^`]+`)(?:\.(?:`[^`]+`|"[^"]+"|'[^']+'|[^\s()=!<>~,;'"`]+))?/y;
const SUMMARY = /(?:min|max|mean|count|last)\s*\(/iy;
const SIGN = /<=|>=|!=|<>|==|=~|!~|=|<|>/y;
const WORDS =
  /(?:is\s+not\s+null|is\s+null|is\s+not\s+nan|is\s+nan|not\s+in|not\s+ilike|not\s+like|not\s+rlike|not\s+matches|not\s+between|in|ilike|like|rlike|matches|between)(?!\w)/iy;
const VALUE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|now\s*\(\s*\)(?:\s*[+-]\s*(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+)*|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?:(?:ms|[smhdw])(?:\d+(?:\.\d+)?(?:ms|[smhdw]))*)?(?![\w.])|[+-]?inf(?:inity)?(?!\w)/iy;
const SPELLED: Record<string, string> = { "==": "=", "<>": "!=", "=~": "RLIKE", "!~": "NOT RLIKE" };

class Parser {
  private at = 0;

  constructor(private readonly text: string) {
    this.skip();
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  disjunction(): FilterNode | null {
    return this.joined("OR", () => this.joined("AND", () => this.negation()));
  }

  private joined(joint: Joint, part: () => FilterNode | null): FilterNode | null {
    const children: FilterNode[] = [];
    do {
      const child = part();
      if (child === null) return null;
      // What is joined in the same way needs no parentheses.
      if (child.kind === "group" && child.joint === joint) children.push(...child.children);
      else children.push(child);
    } while (this.word(joint));
    const [first] = children;
    return children.length === 1 && first ? first : { kind: "group", joint, children };
  }

  private negation(): FilterNode | null {
    const start = this.at;
    if (this.word("NOT")) {
      if (this.negation() === null) return null;
      return { kind: "verbatim", text: this.text.slice(start, this.at).trim() };
    }
    if (this.sign("(")) {
      const inner = this.disjunction();
      return inner !== null && this.sign(")") ? inner : null;
    }
    return this.comparison();
  }

  private comparison(): FilterNode | null {
    const field = this.field();
    if (field === null) return null;
    const found = this.take(SIGN) ?? this.take(WORDS);
    if (found === null) return null;
    const plain = found.toUpperCase().replace(/\s+/g, " ");
    const operator = SPELLED[plain] ?? plain;
    const values = this.values(operator);
    return values === null ? null : { kind: "comparison", field, operator, values };
  }

  private values(operator: string): string[] | null {
    if (operator in N_VALUES) return [];
    if (operator.endsWith("IN")) {
      if (!this.sign("(")) return null;
      const values: string[] = [];
      do {
        const value = this.take(VALUE);
        if (value !== null) values.push(value);
      } while (this.sign(","));
      return values.length > 0 && this.sign(")") ? values : null;
    }
    const first = this.take(VALUE);
    if (first === null) return null;
    if (!operator.endsWith("BETWEEN")) return [first];
    const second = this.word("AND") ? this.take(VALUE) : null;
    return second === null ? null : [first, second];
  }

  private field(): string | null {
    const summary = this.take(SUMMARY);
    const key = this.take(KEY);
    if (key === null || /^(?:and|or|not)$/i.test(key)) return null;
    if (summary === null) return key;
    const name = summary.slice(0, -1).trim().toLowerCase();
    return this.sign(")") ? `${name}(${key})` : null;
  }

  private word(word: string): boolean {
    return this.take(new RegExp(`${word}(?![\\w.])`, "iy")) !== null;
  }

  private sign(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    this.skip();
    return true;
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    this.skip();
    return found;
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at += 1;
  }
}
