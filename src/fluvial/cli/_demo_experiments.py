"""The demo's experiments: made up, but shaped like those of a team at work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random

from msgspec import Struct

from fluvial.cli._demo_pictures import bar_chart, heat_map, line_chart
from fluvial.cli._demo_runs import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    DemoRun,
    dataset,
    decay,
    diverge,
    new_id,
    rise,
    table,
)
from fluvial.entities.run import USER_TAG, RunStatus

_PEOPLE = ("ada", "grace", "edsger", "barbara")
_FIRST = (
    "amber brisk calm dapper eager fond gentle hardy ivory jolly keen lucid mellow noble quiet sunny".split()
)
_SECOND = (
    "badger crane dingo egret ferret gecko heron ibis jay koala lynx marten newt otter puffin raven".split()
)


class DemoExperiment(Struct, frozen=True):
    """One experiment of the demo.

    Attributes:
        name: Its name.
        note: Markdown.
        share: Of all the runs.
        make: Its runs, at least as many as asked for: (chance, how many, now in ms) -> runs.
    """

    name: str
    note: str
    share: float
    make: Callable[[Random, int, int], Iterator[DemoRun]]


def _name(chance: Random) -> str:
    return f"{chance.choice(_FIRST)}-{chance.choice(_SECOND)}-{chance.randrange(10, 1000)}"


def _origin(chance: Random, script: str) -> dict[str, str]:
    return {
        USER_TAG: chance.choice(_PEOPLE),
        "mlflow.source.name": script,
        "mlflow.source.git.branch": chance.choice(("main", "main", "main", "try-augmentation")),
        "mlflow.source.git.commit": f"{chance.getrandbits(32):08x}" * 5,
    }


def _times(n: int, now: int, days: float) -> Iterator[int]:
    """When each of n runs began, oldest first, up to two hours ago."""
    for i in range(n):
        yield int(now - 2 * HOUR_MS - days * DAY_MS * (1 - (i + 1) / n))


def images(chance: Random, n: int, now: int) -> Iterator[DemoRun]:
    """Sweeps over a classifier of images: each a parent with eleven children, some of which diverge."""
    classes = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    read = dataset("tiny-images", "training", {"image": "binary", "label": "long"}, 50_000)
    starts = list(_times(n, now, 20))
    for first in range(0, n, 12):
        sweep = starts[first : first + 12]
        model = chance.choice(("resnet18", "resnet50", "convnext-tiny"))
        origin = _origin(chance, "train_images.py")
        parent = DemoRun(
            name=f"sweep {first // 12 + 1}: {model}",
            start_ms=sweep[0] - 5 * MINUTE_MS,
            step_ms=MINUTE_MS,
            params={"search": "random", "n_trials": str(len(sweep) - 1), "model": model},
            tags={**origin, "kind": "sweep"},
            note=f"Random search over **{model}**: learning rate, batch size, augmentation.",
            run_id=new_id(chance),
        )
        best = 0.0
        children = []
        for number, latest in enumerate(sweep[1:]):
            start = min(sweep[0] + number * 15 * MINUTE_MS, latest)
            child = _image_run(chance, model, start, number)
            child.parent_id, child.datasets = parent.run_id, (read,)
            child.tags = {**origin, **child.tags}
            best = max(best, *child.curves["val/accuracy"])
            _add_confusion(chance, child, classes)
            children.append(child)
        parent.curves = {"best_val_accuracy": [best]}
        last_end = max((child.end_ms for child in children), default=parent.end_ms)
        parent.step_ms = last_end - parent.start_ms + MINUTE_MS
        yield parent
        yield from children


def _image_run(chance: Random, model: str, start: int, number: int) -> DemoRun:
    """A trial; in every sweep the third diverges, the fifth runs out of memory, and perhaps others do."""
    rate = 0.4 if number == 2 else 10 ** chance.uniform(-4, -0.7)
    n = chance.choice((30, 40, 60))
    top = {"resnet18": 0.9, "resnet50": 0.93, "convnext-tiny": 0.95}[model] - abs(
        0.03 * (rate / 0.01 - 1)
    ) / 4
    top = max(top + chance.gauss(0, 0.01), 0.4)
    loss = decay(chance, n, 2.3, 0.25 + (1 - top))
    curves = {
        "train/loss": loss,
        "val/loss": [value * 1.1 + 0.002 * i for i, value in enumerate(loss)],
        "train/accuracy": rise(chance, n, 0.1, min(top + 0.04, 0.999)),
        "val/accuracy": rise(chance, n, 0.1, top),
        "learning_rate": [rate * (1 - i / n) ** 0.9 for i in range(n)],
    }
    status, tags = RunStatus.FINISHED, {"stage": chance.choice(("explore", "explore", "candidate"))}
    if rate > 0.1:
        at = chance.randrange(4, 12)
        curves |= {key: diverge(curves[key], at) for key in ("train/loss", "val/loss")}
        curves["val/accuracy"] = [*curves["val/accuracy"][:at], *([0.1] * (n - at))]
        tags["problem"] = "diverged"
    elif number == 4 or chance.random() < 0.04:
        curves = {key: values[: n // 3] for key, values in curves.items()}
        status, tags["problem"] = RunStatus.FAILED, "out of memory"
    elif chance.random() < 0.04:
        curves = {key: values[: n // 2] for key, values in curves.items()}
        status = RunStatus.KILLED
    return DemoRun(
        name=_name(chance),
        start_ms=start,
        step_ms=chance.randrange(40, 90) * 1000,
        params={
            "model": model,
            "learning_rate": f"{rate:.2g}",
            "batch_size": str(chance.choice((64, 128, 256, 512))),
            "epochs": str(n),
            "weight_decay": chance.choice(("0", "1e-4", "5e-4")),
            "augmentation": chance.choice(("none", "flip", "randaugment")),
            "seed": str(chance.randrange(1000)),
        },
        curves=curves,
        tags=tags,
        status=status,
        run_id=new_id(chance),
    )


def _add_confusion(chance: Random, run: DemoRun, classes: list[str]) -> None:
    accuracy = max(run.curves["val/accuracy"])
    off = (1 - accuracy) * 1000 / (len(classes) - 1)
    matrix = [
        [accuracy * 1000 if i == j else max(chance.gauss(off, off / 2), 0.0) for j in range(len(classes))]
        for i in range(len(classes))
    ]
    run.files["confusion.png"] = heat_map(matrix)
    rows = [
        [label, round(row[i] / sum(row), 4), 1000]
        for i, (label, row) in enumerate(zip(classes, matrix, strict=True))
    ]
    run.files["per_class.json"] = table(["class", "recall", "support"], rows)
    if run.status is RunStatus.FAILED:
        run.files["error.txt"] = (
            b"OutOfMemoryError: tried to allocate 2.50 GiB on a device with 1.12 GiB free.\n"
        )


def language(chance: Random, n: int, now: int) -> Iterator[DemoRun]:
    """Long training runs of a language model: thousands of steps; the newest two are running."""
    read = dataset("web-text", "training", {"tokens": "long"}, 8_000_000, version=3)
    for i, start in enumerate(_times(n, now, 25)):
        n_steps, is_running = chance.choice((800, 1200, 2000)), i >= n - 2
        size = chance.choice(("14m", "31m", "70m"))
        loss = decay(chance, n_steps, 10.4, {"14m": 4.1, "31m": 3.7, "70m": 3.3}[size], noise=0.012)
        if i % 7 == 3:  # a spike that training recovers from
            at = n_steps // 2
            loss[at : at + 25] = [value + 2.5 * 0.85**j for j, value in enumerate(loss[at : at + 25])]
        peak = chance.choice((3e-4, 6e-4, 1e-3))
        speed = chance.uniform(80_000, 140_000)
        curves = {
            "loss": loss,
            "perplexity": [2.718281828**value for value in loss],
            "grad_norm": [max(chance.gauss(1.0, 0.2), 0.1) * (1 + 4 * 0.99**j) for j in range(n_steps)],
            "learning_rate": [
                peak * min(1.0, (j + 1) / 100) * (1 - 0.9 * j / n_steps) for j in range(n_steps)
            ],
            "tokens_per_s": [speed * chance.uniform(0.97, 1.02) for _ in range(n_steps)],
            "system/gpu_0_utilization_percentage": [chance.uniform(91, 99) for _ in range(n_steps)],
        }
        if is_running:
            curves = {key: values[: n_steps // (n - i + 1)] for key, values in curves.items()}
        n_done = len(curves["loss"])
        yield DemoRun(
            name=f"lm-{size}-{_name(chance)}",
            start_ms=now - n_done * 9000 - 20_000 if is_running else start - n_steps * 9000,
            step_ms=9000,
            stride=10,
            params={
                "n_params": size,
                "context": chance.choice(("1024", "2048")),
                "peak_learning_rate": f"{peak:g}",
                "optimizer": "adamw",
                "tokenizer": "bpe-32k",
            },
            curves=curves,
            tags={**_origin(chance, "pretrain.py"), "cluster": chance.choice(("a100-east", "h100-west"))},
            note="Loss spike at half time: a bad shard, skipped since v4." if i % 7 == 3 else "",
            datasets=(read,),
            files={
                "samples/step_last.txt": b"The river runs past the mill, and the mill ...\n",
                "config.json": json.dumps({"size": size, "rope": True, "norm": "rms"}, indent=2).encode(),
            },
            status=RunStatus.RUNNING if is_running else RunStatus.FINISHED,
            run_id=new_id(chance),
        )


def churn(chance: Random, n: int, now: int) -> Iterator[DemoRun]:
    """Boosted trees on a table, cross-validated: each a parent with five folds."""
    features = ["tenure", "monthly_fee", "support_calls", "contract", "payment", "usage_trend", "region"]
    read = dataset("customers", "training", {**dict.fromkeys(features, "double"), "churned": "long"}, 7043)
    starts = list(_times(n, now, 14))
    for first in range(0, n, 6):
        params = {
            "model": chance.choice(("xgboost", "lightgbm", "random_forest")),
            "max_depth": str(chance.randrange(3, 11)),
            "n_estimators": str(chance.choice((100, 200, 400, 800))),
            "eta": f"{chance.choice((0.03, 0.1, 0.3))}",
        }
        level = 0.83 + 0.004 * int(params["max_depth"]) - 0.0006 * int(params["max_depth"]) ** 2
        origin = _origin(chance, "churn.ipynb")
        shares = sorted((chance.uniform(0.02, 1) for _ in features), reverse=True)
        parent = DemoRun(
            name=_name(chance),
            start_ms=starts[first],
            step_ms=3 * MINUTE_MS,
            params={**params, "folds": "5"},
            tags={**origin, "mlflow.source.type": "NOTEBOOK"},
            datasets=(read,),
            files={
                "importance.png": bar_chart(shares),
                "importance.json": table(
                    ["feature", "gain"], [[f, round(s, 4)] for f, s in zip(features, shares, strict=True)]
                ),
            },
            run_id=new_id(chance),
        )
        folds = []
        for fold in range(len(starts[first + 1 : first + 6])):
            auc = min(level + chance.gauss(0, 0.012), 0.97)
            n_rounds = int(params["n_estimators"]) // 10
            folds.append(
                DemoRun(
                    name=f"fold {fold + 1}",
                    start_ms=starts[first] + fold * 20_000,
                    step_ms=200,
                    stride=10,
                    params={**params, "fold": str(fold + 1)},
                    curves={
                        "valid/auc": rise(chance, n_rounds, 0.6, auc, noise=0.004),
                        "valid/logloss": decay(chance, n_rounds, 0.69, 0.95 - auc * 0.65, noise=0.005),
                    },
                    tags=origin,
                    parent_id=parent.run_id,
                    run_id=new_id(chance),
                )
            )
        aucs = [fold.curves["valid/auc"][-1] for fold in folds] or [level]
        mean = sum(aucs) / len(aucs)
        deviation = (sum((auc - mean) ** 2 for auc in aucs) / len(aucs)) ** 0.5
        parent.curves = {"auc_mean": [mean], "auc_std": [deviation]}
        yield parent
        yield from folds


def demand(chance: Random, n: int, now: int) -> Iterator[DemoRun]:
    """A forecast that is retrained on a schedule, and slowly gets worse."""
    for i, start in enumerate(_times(n, now, 28)):
        error = 0.081 + 0.05 * (i / n) ** 2 + chance.gauss(0, 0.004)
        actual = [100 + 20 * ((j % 7) in (4, 5)) + 0.3 * j + chance.gauss(0, 4) for j in range(56)]
        forecast = [value * (1 + chance.gauss(0, error)) for value in actual]
        has_failed = chance.random() < 0.08
        yield DemoRun(
            name=f"retrain {i + 1:03d}",
            start_ms=start,
            step_ms=4 * MINUTE_MS,
            params={"model": "seasonal-ets", "horizon": "14", "history_days": str(chance.choice((180, 365)))},
            curves={}
            if has_failed
            else {"mape": [error], "rmse": [error * 118], "bias": [chance.gauss(0, 0.01)]},
            tags={**_origin(chance, "jobs/retrain.py"), "mlflow.source.type": "JOB", "schedule": "daily"},
            note="The warehouse export was late: no rows for yesterday." if has_failed else "",
            datasets=(
                dataset("sales", "training", {"day": "datetime", "units": "double"}, 1000 + i, version=i + 1),
            ),
            files={"error.txt": b"ValueError: 0 rows\n"}
            if has_failed
            else {"forecast.png": line_chart(actual, forecast)},
            status=RunStatus.FAILED if has_failed else RunStatus.FINISHED,
            run_id=new_id(chance),
        )


EXPERIMENTS = (
    DemoExperiment(
        "demo/image-classifier",
        "Random searches over three architectures. Open a *sweep* to see its trials.",
        0.44,
        images,
    ),
    DemoExperiment("demo/language-model", "Long runs; the newest are still going.", 0.06, language),
    DemoExperiment("demo/churn", "Cross-validated trees on the customers' table.", 0.36, churn),
    DemoExperiment("demo/demand-forecast", "Retrained every day. Is it getting worse?", 0.14, demand),
)
