"""What the last runs did: one Parquet file a run, and what they say together."""
