import { expect, it } from "vitest";

import { readAtoms, readPly } from "./points-in-space";

function ply(count: number, bytes: number): ArrayBuffer {
  const header = new TextEncoder().encode(
    [
      "ply",
      "format binary_little_endian 1.0",
      `element vertex ${count}`,
      ...["x", "y", "z"].map((axis) => `property float ${axis}`),
      ...["red", "green", "blue"].map((color) => `property uchar ${color}`),
      "end_header",
      "",
    ].join("\n"),
  );
  const file = new Uint8Array(header.length + bytes);
  file.set(header);
  const view = new DataView(file.buffer, header.length);
  if (bytes >= 15) {
    view.setFloat32(4, 1.5, true);
    view.setUint8(12, 255);
  }
  return file.buffer;
}

it("reads points with their colours", () => {
  const points = readPly(ply(1, 15));

  expect([...(points?.positions ?? [])]).toEqual([0, 1.5, 0]);
  expect(points?.colors).toEqual(["rgb(255 0 0)"]);
});

it("takes no file that is cut off for points", () => {
  expect(readPly(ply(2, 15))).toBeNull();
  expect(readPly(new TextEncoder().encode("ply\nformat ascii 1.0\n").buffer)).toBeNull();
});

it("reads the atoms of a molecule", () => {
  const pdb = "HETATM    1  O   HOH A   1      11.104   6.134  -6.504  1.00  0.00           O";

  expect([...(readAtoms("2\nwater\nO 0 0 1\nH 0 2 0\n", "xyz")?.positions ?? [])]).toEqual([
    0, 0, 1, 0, 2, 0,
  ]);
  expect(readAtoms(pdb, "pdb")?.positions[0]).toBeCloseTo(11.104);
  expect(readAtoms("CCO", "smi")).toBeNull();
});
