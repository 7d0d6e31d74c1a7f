"""SQL that analysts write, run by DuckDB in a process of its own that can reach nothing."""
