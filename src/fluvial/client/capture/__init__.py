"""What is captured of a run by itself; one module per thing.

A module either says at once what is known when a run begins, as tags (`source.py`, `git.py`,
`environment.py`, `seeds.py`), or makes files in the background (`diff.py`, `packages.py`), or follows the run
until its end (`console.py`, `machine.py`, `speed.py`). `session.py` puts them together, `masking.py`
masks what they keep. What has a name in MLflow has it here; the rest is `fluvial.*` tags, `system/*` metrics
and files below `fluvial/`.
"""
