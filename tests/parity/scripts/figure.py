"""A figure of matplotlib, in several formats."""

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import mlflow

figure, axes = plt.subplots()
axes.plot([0, 1, 2], [2, 3, 5])

with mlflow.start_run(run_name="figures"):
    mlflow.log_figure(figure, "line.png")
    mlflow.log_figure(figure, "small/line.png", save_kwargs={"dpi": 40})
