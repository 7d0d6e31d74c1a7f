import { CodeBlock } from "@/components/code-block";
import { Panel } from "@/components/panel";

import classes from "./models.module.css";

interface UsePanelProps {
  name: string;
  version: string;
}

/** How to predict with a version, by a command and in Python. */
export function UsePanel({ name, version }: UsePanelProps) {
  const uri = `models:/${name}/${version}`;
  return (
    <Panel title="Predict with it">
      <div className={classes.pair}>
        <CodeBlock
          label="Command"
          code={`# in the environment that it was saved with\nfluvial models predict ${uri} -i rows.csv`}
        />
        <CodeBlock
          label="Python"
          code={`import fluvial\n\nmodel = fluvial.pyfunc.load_model("${uri}")\nmodel.predict(rows)`}
        />
      </div>
    </Panel>
  );
}
