"""Append-only column segments for metric points: write and read."""
