/** Points with a colour each, as a picture of them needs. */
export interface PointsInSpace {
  /** x, y, z of each. */
  positions: Float32Array;
  /** CSS colours; empty where the file has none. */
  colors: string[];
}

const ELEMENT_COLORS: Record<string, string> = {
  C: "#7d8590",
  N: "#3b6fd4",
  O: "#d63a34",
  S: "#c9a227",
  P: "#e07b28",
  H: "#b8c0ca",
};
const OTHER_ELEMENT = "#a05fc4";
const END_OF_HEADER = "end_header\n";
const BYTES_OF_POSITION = 12;

/** The points of a PLY file as fluvial writes them: binary floats, perhaps with colours. null if it is another. */
export function readPly(file: ArrayBuffer): PointsInSpace | null {
  const start = new TextDecoder("latin1").decode(file.slice(0, 1000));
  const headerLength = start.indexOf(END_OF_HEADER) + END_OF_HEADER.length;
  const count = Number(/element vertex (\d+)\n/.exec(start)?.[1]);
  const isKnown = start.startsWith("ply\nformat binary_little_endian 1.0\n");
  const hasColors = start.includes("property uchar red\n");
  const size = BYTES_OF_POSITION + (hasColors ? 3 : 0);
  if (!isKnown || !Number.isInteger(count) || file.byteLength < headerLength + count * size)
    return null;
  const view = new DataView(file, headerLength);
  const positions = new Float32Array(3 * count);
  const colors: string[] = [];
  for (let at = 0; at < count; at++) {
    for (let axis = 0; axis < 3; axis++) {
      positions[3 * at + axis] = view.getFloat32(at * size + 4 * axis, true);
    }
    if (hasColors) {
      const [red, green, blue] = [0, 1, 2].map((n) =>
        view.getUint8(at * size + BYTES_OF_POSITION + n),
      );
      colors.push(`rgb(${red} ${green} ${blue})`);
    }
  }
  return { positions, colors };
}

/** The atoms of a molecule in XYZ or PDB; null if the text is of another format. */
export function readAtoms(text: string, suffix: string): PointsInSpace | null {
  const atoms = suffix === "xyz" ? xyzAtoms(text) : suffix === "pdb" ? pdbAtoms(text) : [];
  if (atoms.length === 0 || atoms.some(({ place }) => place.some(Number.isNaN))) return null;
  return {
    positions: Float32Array.from(atoms.flatMap(({ place }) => place)),
    colors: atoms.map(({ element }) => ELEMENT_COLORS[element] ?? OTHER_ELEMENT),
  };
}

interface Atom {
  element: string;
  place: number[];
}

function xyzAtoms(text: string): Atom[] {
  const [count = "", , ...lines] = text.split(/\r?\n/);
  return lines.slice(0, Number(count) || 0).map((line) => {
    const [element = "", ...place] = line.trim().split(/\s+/);
    return { element, place: [0, 1, 2].map((axis) => Number(place[axis])) };
  });
}

/** Columns as the format has them: x, y, z from 31, 39 and 47, the element at 77. */
function pdbAtoms(text: string): Atom[] {
  return text
    .split(/\r?\n/)
    .filter((line) => /^(?:ATOM {2}|HETATM)/.test(line))
    .map((line) => ({
      element: line.slice(76, 78).trim() || line.slice(12, 16).trim().slice(0, 1),
      place: [30, 38, 46].map((start) => Number(line.slice(start, start + 8))),
    }));
}
