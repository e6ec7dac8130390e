"""What the local Athena keeps: buckets, objects, Glue entries and the documents of its services."""
