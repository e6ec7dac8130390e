"""What `pip install derived-tables` brings: the test harness of the dbt package `derived_tables`."""

__version__ = "0.1.0"
