"""The ledger in a database of PostgreSQL: the same tables, queries and rows as in a file of SQLite."""
