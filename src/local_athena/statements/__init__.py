"""The grammar of all statements but queries: DDL, utility statements, and what stands around a query."""
