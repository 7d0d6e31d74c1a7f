import type { PictureBlock } from "@/lib/panel-data";

import classes from "./figures.module.css";

/** What a chart showed when it was frozen. */
export function Picture({ blocks }: { blocks: readonly PictureBlock[] }) {
  return (
    <div className={classes.picture}>
      {keyed(blocks).map(([key, block]) => (
        <Block key={key} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { block: PictureBlock }) {
  switch (block.kind) {
    case "image":
      return <img src={block.src} alt={block.alt} width={block.width} height={block.height} />;
    case "text":
      return <p className={classes.pictureText}>{block.text}</p>;
    case "legend":
      return (
        <ul className={classes.legend}>
          {block.entries.map(({ label, color }) => (
            <li key={label}>
              <span className={classes.swatch} style={{ background: color }} />
              <span>{label}</span>
            </li>
          ))}
        </ul>
      );
    case "table":
      return (
        <table className={classes.table}>
          <thead>
            <tr>
              {keyed(block.head).map(([key, title]) => (
                <th key={key} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keyed(block.rows).map(([key, row]) => (
              <tr key={key}>
                {keyed(row).map(([place, cell]) => (
                  <td key={place}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

/** Each item with its place: what was frozen is never put in another order. */
function keyed<Item>(items: readonly Item[]): [number, Item][] {
  return [...items.entries()];
}
