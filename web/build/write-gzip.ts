import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

import type { Plugin } from "vite";

const compress = promisify(gzip);
const TEXT = /\.(?:js|css|html|svg|json)$/;

/** Writes `x.js.gz` beside each text file of the build, so that the server compresses nothing. */
export function writeGzip(): Plugin {
  let folder = "";
  return {
    name: "write-gzip",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() && TEXT.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
      await Promise.all(
        files.map(async (file) => {
          const text = await readFile(file);
          await writeFile(
            `${file}.gz`,
            await compress(text, { level: constants.Z_BEST_COMPRESSION }),
          );
        }),
      );
    },
  };
}
