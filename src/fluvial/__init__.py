"""fluvial: track experiments, package models, serve and watch them."""

__version__ = "0.1.0"
