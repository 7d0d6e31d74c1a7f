"""Databases and platforms for the tests in this folder."""

from tests.platforms import clock, database, database_uri, platform

__all__ = ["clock", "database", "database_uri", "platform"]
