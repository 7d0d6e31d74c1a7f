import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

const FILES = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const MANTINE_STYLES = import.meta.glob("../node_modules/@mantine/core/styles/*.layer.css");
const STYLES = readFileSync(new URL("./app/mantine.css", import.meta.url), "utf8");

/** Which folders of src a folder may import from, itself aside. */
const ALLOWED: Record<string, string[]> = {
  app: ["api", "charts", "components", "features", "lib"],
  features: ["api", "charts", "components", "lib"],
  charts: ["api", "components", "lib"],
  components: ["api", "lib"],
  api: ["lib"],
  lib: [],
};

interface Import {
  from: string;
  to: string;
}

const IMPORTS: Import[] = Object.entries(FILES)
  .filter(([path]) => path.split("/").length > 2 && !/\.test\.|\/testing\//.test(path))
  .flatMap(([path, text]) =>
    [...text.matchAll(/(?:from|import\()\s*"(@\/|\.\.?\/)([^"]+)"/g)].map(([, start, rest]) => ({
      from: path.slice("./".length),
      to:
        start === "@/"
          ? `${rest}`
          : new URL(`${start}${rest}`, `file:///${path}`).pathname.slice(1),
    })),
  );

const part = (path: string, depth: number) => path.split("/").slice(0, depth).join("/");

it("reads the imports that it judges", () => {
  expect(IMPORTS.length).toBeGreaterThan(100);
});

it("lets imports point only downwards", () => {
  const wrong = IMPORTS.filter(({ from, to }) => {
    const own = part(from, 1);
    return own !== part(to, 1) && !(ALLOWED[own] ?? []).includes(part(to, 1));
  });

  expect(wrong).toEqual([]);
});

it("keeps features from importing each other", () => {
  const wrong = IMPORTS.filter(
    ({ from, to }) =>
      from.startsWith("features/") && to.startsWith("features/") && part(from, 2) !== part(to, 2),
  );

  expect(wrong).toEqual([]);
});

it("loads the styles of every component that is used", () => {
  const used = Object.values(FILES).flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.replace(/ as .*/, "").trim()),
    ),
  );
  const existing = new Set(
    Object.keys(MANTINE_STYLES).map((path) => path.replace(/^.*\/(\w+)\.layer\.css$/, "$1")),
  );
  const missing = [...new Set(used)].filter(
    (name) => existing.has(name) && !STYLES.includes(`/${name}.layer.css`),
  );

  expect(existing.size).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});
