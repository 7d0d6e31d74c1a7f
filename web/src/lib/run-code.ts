/** Code and commands about a run, for people to copy. */

interface Described {
  id: string;
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

interface Captured {
  hasLock: boolean;
  hasDiff: boolean;
  hasUntracked: boolean;
}

/** The interpreter of the environment that the run had, which is another one now. */
const INTERPRETER = /^\S*\/python[\d.]*(?= |$)/;

/** Python that goes on with the run where it is. */
export function continueCode(run: Described, trackingUri: string): string {
  const key = run.tags["fluvial.key"];
  const begin =
    key === undefined
      ? `with fluvial.start_run(run_id=${python(run.id)}) as run:`
      : `with fluvial.resume(${python(key)}) as run:  # the key that it was begun with`;
  return lines(
    "import fluvial",
    "",
    `fluvial.set_tracking_uri(${python(trackingUri)})`,
    begin,
    `    history = fluvial.get_metric_history(run.info.run_id, "loss")`,
    "    first_step = history[-1].step + 1 if history else 0",
    "    ...  # load your checkpoint, train on from first_step",
  );
}

/** Python that begins another run with this one's history up to a step. */
export function forkCode(run: Described, step: number, trackingUri: string): string {
  return lines(
    "import fluvial",
    "",
    `fluvial.set_tracking_uri(${python(trackingUri)})`,
    `with fluvial.fork_run(${python(run.id)}, step=${step}) as run:`,
    `    ...  # train on from step ${step + 1}`,
  );
}

/** Shell commands that bring back code, environment and command line of the run. */
export function reproduceScript(run: Described, captured: Captured, trackingUri: string): string {
  const { tags } = run;
  const remote = tags["mlflow.source.git.repoURL"];
  const commit = tags["mlflow.source.git.commit"];
  const version = /\d+\.\d+/.exec(tags["fluvial.python"] ?? "")?.[0];
  const command = tags["fluvial.command"] ?? tags["mlflow.source.name"];
  const variables = Object.entries(tags).flatMap(([key, value]) =>
    key.startsWith("fluvial.env.")
      ? [`export ${key.slice("fluvial.env.".length)}=${shell(value)}`]
      : [],
  );
  const seeds = Object.entries(tags).flatMap(([key, value]) =>
    key.startsWith("fluvial.seed.") ? [`${key.slice("fluvial.seed.".length)} ${value}`] : [],
  );
  const files = [
    ...(captured.hasLock ? ["requirements.lock"] : []),
    ...(captured.hasDiff ? ["uncommitted.diff"] : []),
  ];

  return lines(
    ...(commit === undefined
      ? ["# The run says no commit: put its code here yourself.", ""]
      : [
          "# 1. The code",
          remote === undefined
            ? "# in your clone of the repository:"
            : `git clone ${shell(remote)} code && cd code`,
          `git checkout ${shell(commit)}`,
          "",
        ]),
    ...(files.length === 0
      ? []
      : [
          "# 2. What the run kept of its environment",
          `export FLUVIAL_TRACKING_URI=${shell(trackingUri)}`,
          ...files.map((file) => `fluvial artifacts cat ${run.id} fluvial/${file} > ${file}`),
          ...(captured.hasDiff ? ["git apply uncommitted.diff"] : []),
          ...(captured.hasUntracked
            ? [
                "# It also had files that git did not know: their names are in fluvial/untracked.txt.",
              ]
            : []),
          "",
        ]),
    ...(captured.hasLock
      ? [
          `python${version ?? "3"} -m venv .venv && . .venv/bin/activate`,
          "pip install -r requirements.lock",
          "",
        ]
      : []),
    ...variables,
    ...(seeds.length === 0 ? [] : [`# Seeds that it set: ${seeds.join(", ")}`]),
    command === undefined
      ? "# The run does not say its command line."
      : `# 3. The command\n${command.replace(INTERPRETER, "python")}`,
  );
}

/** A text as Python writes it. */
function python(text: string): string {
  return JSON.stringify(text);
}

/** A text as one word of a shell. */
function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function lines(...all: string[]): string {
  return all.join("\n");
}
