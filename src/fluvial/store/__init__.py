"""All SQL: tables, connections and statements, one module per noun.

The same code runs on SQLite and on PostgreSQL. Every key of a wide table begins with the experiment id,
so that the tables can be distributed by it; ids need no sequence; nothing relies on triggers, advisory
locks or SKIP LOCKED.
"""
