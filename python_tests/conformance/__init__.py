"""dbt-tests-adapter's own classes on both adapters, with `derived_tables` installed."""
