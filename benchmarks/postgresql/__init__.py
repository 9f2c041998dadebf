"""Records on PostgreSQL beside raw asyncpg and SQLAlchemy's asyncio ORM."""
