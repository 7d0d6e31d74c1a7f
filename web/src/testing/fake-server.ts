import { vi } from "vitest";

export interface Call {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
}

interface Refusal {
  status: number;
  body: object;
}

type Answer = object | Refusal | ((call: Call) => object | Refusal);

/**
 * Answers fetch by path, and remembers what was asked: bytes as they are, all else as JSON. A path that
 * nobody expects fails the call.
 */
export function fakeServer(answers: Record<string, Answer>): { calls: Call[] } {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const call: Call = {
      method: init.method ?? "GET",
      path: url.pathname.replace(/^\//, ""),
      query: Object.fromEntries(url.searchParams),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
    };
    calls.push(call);
    const found = answers[call.path];
    if (found === undefined) throw new TypeError(`Nobody expects ${call.path}`);
    const answer = typeof found === "function" ? found(call) : found;
    if (answer instanceof Uint8Array) return new Response(answer as BodyInit);
    const { status, body } = isRefusal(answer) ? answer : { status: 200, body: answer };
    return new Response(JSON.stringify(body), { status });
  });
  return { calls };
}

/** A server that cannot be reached. */
export function absentServer(): void {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
}

function isRefusal(answer: object): answer is Refusal {
  return "status" in answer && "body" in answer;
}
