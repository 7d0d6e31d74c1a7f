import { userName } from "@/lib/user-name";

/** What the server said when it refused a call, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    /** The part of a filter that the message is about, in characters. */
    readonly place: { position: number; length: number } | null = null,
  ) {
    super(message);
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }
}

/** An address of the server this page came from, whatever prefix that server stands under. */
export function serverUrl(path: string, query: Record<string, string> = {}): string {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.hash = "";
  return url.href;
}

export function get<Answer>(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer> {
  return call(serverUrl(path, query), { signal: signal ?? null });
}

export function post<Answer>(path: string, body: object, signal?: AbortSignal): Promise<Answer> {
  return call(serverUrl(path), {
    method: "POST",
    headers: signedJson(),
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
}

/** A call that is neither a question nor a new thing: `PATCH` and `DELETE`. */
export async function send(method: "PATCH" | "DELETE", path: string, body: object): Promise<void> {
  await fetchBytes(serverUrl(path), {
    method,
    headers: signedJson(),
    body: JSON.stringify(body),
  });
}

/** The headers of a call that changes something: who makes it is kept with it. */
function signedJson(): Record<string, string> {
  const name = userName();
  return {
    "Content-Type": "application/json",
    ...(name === "" ? {} : { "X-Fluvial-User": encodeURIComponent(name) }),
  };
}

/** The answer to a request for bytes, once the server has accepted it. */
export async function fetchBytes(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError("The server cannot be reached.", 0, "UNREACHABLE");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function call<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetchBytes(url, init);
  return (await response.json()) as Answer;
}

interface ErrorBody {
  error_code?: string;
  message?: string;
  details?: { position?: number; length?: number };
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text();
  let body: ErrorBody = {};
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // A proxy in between answers in HTML; its status is all there is to tell.
  }
  const { position, length } = body.details ?? {};
  return new ApiError(
    body.message ?? `The server answered ${response.status} ${response.statusText}`.trim(),
    response.status,
    body.error_code ?? "UNKNOWN",
    position === undefined ? null : { position, length: length ?? 1 },
  );
}
