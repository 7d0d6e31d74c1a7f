import "@xyflow/react/dist/style.css";

import {
  Background,
  Controls,
  Handle,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from "@xyflow/react";
import { useComputedColorScheme } from "@mantine/core";
import {
  IconBookmark,
  IconCube,
  IconDatabase,
  IconPlayerPlay,
  IconVersions,
  type Icon,
} from "@tabler/icons-react";
import { useMemo } from "react";

import { placeLineage, type Lineage, type LineageKind, type LineageNode } from "@/lib/lineage";

import classes from "./lineage.module.css";

type RunNode = Node<{ node: LineageNode }, "lineage">;

interface LineageGraphProps {
  lineage: Lineage;
  onOpen: (node: LineageNode) => void;
}

const SIZE = { width: 270, height: 74 };
const ICONS: Record<LineageKind, Icon> = {
  dataset: IconDatabase,
  run: IconPlayerPlay,
  model: IconCube,
  version: IconVersions,
  alias: IconBookmark,
};
const KINDS = { lineage: Box };

/** Datasets, runs and models in columns, from what was read to what was made. */
export function LineageGraph({ lineage, onOpen }: LineageGraphProps) {
  const scheme = useComputedColorScheme();
  const { nodes, edges } = useMemo(() => graph(lineage), [lineage]);

  return (
    <section className={classes.graph} aria-label="Lineage">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={KINDS}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, node) => onOpen(node.data.node)}
        onKeyDown={(event) => {
          const id = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
          const node = lineage.nodes.find((one) => one.id === id);
          if (event.key === "Enter" && node !== undefined) onOpen(node);
        }}
      >
        <Background gap={22} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

function Box({ data: { node } }: NodeProps<RunNode>) {
  const KindIcon = ICONS[node.kind];
  return (
    <div className={classes.node} data-kind={node.kind} data-current={node.isCurrent || undefined}>
      <Handle type="target" position={Position.Left} className={classes.handle ?? ""} />
      <KindIcon size={16} stroke={1.5} aria-hidden />
      <span className={classes.words}>
        <span className={classes.title} title={node.title}>
          {node.title}
        </span>
        <span className={classes.detail}>
          {node.isCurrent ? `this ${node.kind}` : node.kind}
          {node.detail === "" ? "" : ` · ${node.detail}`}
        </span>
      </span>
      <Handle type="source" position={Position.Right} className={classes.handle ?? ""} />
    </div>
  );
}

function graph(lineage: Lineage): { nodes: RunNode[]; edges: Edge[] } {
  return {
    nodes: placeLineage(lineage, SIZE).map(({ x, y, ...node }) => ({
      id: node.id,
      type: "lineage",
      position: { x, y },
      ariaLabel: `${node.kind} ${node.title}`,
      data: { node },
    })),
    edges: lineage.edges.map(({ from, to, label }) => ({
      id: `${from} ${to}`,
      source: from,
      target: to,
      label,
    })),
  };
}
