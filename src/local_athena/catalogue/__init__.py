"""Tables, views and databases: what Glue holds, read as Athena reads it."""
