"""Runs the migrations on the connection that `schema.upgrade` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from fluvial.store.database import VERSION_TABLE
from fluvial.store.webhook_tables import metadata

if context.is_offline_mode():
    context.configure(
        url=context.config.get_main_option("sqlalchemy.url"),
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=False,  # the caller's transaction holds everything
    )
    context.run_migrations()
