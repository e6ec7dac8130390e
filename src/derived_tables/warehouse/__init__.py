"""What lies in a database: Glue, S3 and Athena, or DuckDB, with the credentials of a target."""
