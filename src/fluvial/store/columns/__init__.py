"""Columns of an experiment's runs in memory: how large experiments are searched, sorted and grouped.

    table.py        the columns of one experiment in one state of the database; never changed, only replaced
    reading.py      rows of the database as columns
    checkpoints.py  columns as packed blocks in the database, for servers that start
    cache.py        the tables of this process: brought up to date in the caller's own transaction, bounded
    matching.py     which runs a filter matches
    ordering.py     the first of them in an order
    grouping.py     their groups, and statistics of these

`run_search.py` decides what is searched in this way. Both ways give the same answers; a test compares them.
"""
