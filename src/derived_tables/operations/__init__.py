"""What operates snapshots from outside of dbt: the command `derived-tables`."""
