"""Files that are not Parquet: each format read into Arrow and written from it."""
