import { useEffect, useMemo, useRef, useState } from "react";

import type { PointsInSpace } from "@/lib/points-in-space";

import classes from "./media-gallery.module.css";

const SIZE = 320;
const RADIANS_PER_PIXEL = 0.01;
/** More points than this are thinned out: a drag is to stay smooth. */
const MAX_POINTS = 50_000;

interface PointsCanvasProps {
  points: PointsInSpace;
  label: string;
}

/** Points in space, turned by dragging or by the arrow keys. */
export function PointsCanvas({ points, label }: PointsCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [turn, setTurn] = useState({ around: 0.6, up: 0.4 });
  const scene = useMemo(() => centered(points), [points]);
  const rotate = (x: number, y: number) =>
    setTurn(({ around, up }) => ({
      around: around + x * RADIANS_PER_PIXEL,
      up: up + y * RADIANS_PER_PIXEL,
    }));

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    context.clearRect(0, 0, SIZE, SIZE);
    const plain = getComputedStyle(canvas.current).color;
    const [cosAround, sinAround] = [Math.cos(turn.around), Math.sin(turn.around)];
    const [cosUp, sinUp] = [Math.cos(turn.up), Math.sin(turn.up)];
    const count = scene.positions.length / 3;
    const radius = count < 100 ? 9 : count < 1000 ? 3 : 1.5;
    const placed = Array.from({ length: count }, (_, at) => {
      const [x = 0, y = 0, z = 0] = scene.positions.subarray(3 * at, 3 * at + 3);
      const turned = x * cosAround + z * sinAround;
      const depth = z * cosAround - x * sinAround;
      return { at, x: turned, y: y * cosUp - depth * sinUp, depth: y * sinUp + depth * cosUp };
    }).sort((a, b) => a.depth - b.depth);
    for (const { at, x, y } of placed) {
      context.fillStyle = scene.colors[at] ?? plain;
      context.beginPath();
      context.arc(SIZE / 2 + x, SIZE / 2 - y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }, [scene, turn]);

  const keys: Record<string, [number, number]> = {
    ArrowLeft: [-10, 0],
    ArrowRight: [10, 0],
    ArrowUp: [0, -10],
    ArrowDown: [0, 10],
  };
  return (
    <canvas
      ref={canvas}
      className={classes.points}
      width={SIZE}
      height={SIZE}
      role="img"
      aria-label={`${label}: ${scene.positions.length / 3} points`}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.buttons !== 0) rotate(event.movementX, event.movementY);
      }}
      onKeyDown={(event) => {
        const by = keys[event.key];
        if (by === undefined) return;
        event.preventDefault();
        rotate(...by);
      }}
    />
  );
}

/** The points around the middle of the picture, as large as fits however they are turned. */
function centered({ positions, colors }: PointsInSpace): PointsInSpace {
  const every = Math.ceil(positions.length / 3 / MAX_POINTS) || 1;
  const kept = Array.from(
    { length: Math.floor(positions.length / 3 / every) },
    (_, n) => n * every,
  );
  const middle = [0, 1, 2].map(
    (axis) =>
      kept.reduce((sum, at) => sum + (positions[3 * at + axis] ?? 0), 0) / (kept.length || 1),
  );
  const moved = Float32Array.from(
    kept.flatMap((at) =>
      [0, 1, 2].map((axis) => (positions[3 * at + axis] ?? 0) - (middle[axis] ?? 0)),
    ),
  );
  let farthest = 0;
  for (let at = 0; at < moved.length; at += 3) {
    farthest = Math.max(farthest, Math.hypot(...moved.subarray(at, at + 3)));
  }
  const scale = (0.46 * SIZE) / (farthest || 1);
  return {
    positions: moved.map((value) => value * scale),
    colors: colors.length === 0 ? [] : kept.map((at) => colors[at] ?? ""),
  };
}
