"""What README.md claims, measured: one module per claim, each against MLflow in the same run.

    python -m bench                 every measurement, one after the other; writes bench/results/*.json
    python -m bench.log_metric      one of them

Each prints its numbers, the ratio and whether the target is met. The machine should do nothing else.
"""
