"""The nouns of the platform: immutable values that check themselves, with the REST contract's field names.

One module per noun. Times are milliseconds since the Unix epoch, UTC, unless a field says otherwise.
"""
