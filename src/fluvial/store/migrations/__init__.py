"""Schema versions, by Alembic, in a version table of our own.

Add one with `python -m alembic -c src/fluvial/store/migrations/alembic.ini revision -m "..."` and move
`HEAD` in `schema.py`.
"""
