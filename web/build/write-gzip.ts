import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

import type { Plugin } from "vite";

const compress = promisify(gzip);
/** Larger ones are kept compressed only: every installation carries them, few ever load them. */
const LARGEST_PLAIN = 500_000;
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
          const packed = await compress(text, { level: constants.Z_BEST_COMPRESSION });
          await writeFile(`${file}.gz`, packed);
          if (text.length > LARGEST_PLAIN) await rm(file);
        }),
      );
    },
  };
}
