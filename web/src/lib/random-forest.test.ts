import { expect, it } from "vitest";

import { permutationImportance, seeded } from "./random-forest";

const random = seeded(1);
const noise = () => Float64Array.from({ length: 300 }, random);

it("gives the feature that makes the target the most", () => {
  const [a, b, c] = [noise(), noise(), noise()];
  const target = a.map((value, at) => 4 * value + (b[at] ?? 0));

  const [ofA = 0, ofB = 0, ofC = 0] = permutationImportance({ features: [a, b, c], target });

  expect(ofA).toBeGreaterThan(0.7);
  expect(ofA).toBeGreaterThan(ofB);
  expect(ofB).toBeGreaterThan(ofC);
  expect(ofA + ofB + ofC).toBeCloseTo(1);
});

it("sees what no correlation sees", () => {
  const [a, b] = [noise(), noise()];
  const target = a.map((value) => (value - 0.5) ** 2);

  const [ofA = 0] = permutationImportance({ features: [a, b], target });

  expect(ofA).toBeGreaterThan(0.8);
});

it("says nothing where the target never changes", () => {
  expect(permutationImportance({ features: [noise()], target: new Float64Array(300) })).toEqual([
    0,
  ]);
});

it("says the same of the same samples", () => {
  const samples = { features: [noise(), noise()], target: noise() };

  expect(permutationImportance(samples)).toEqual(permutationImportance(samples));
});
