"""dbt-tests-adapter's own classes on both adapters, with `derived_tables` installed: it must break nothing.

A class that a module imports under a name with `Test` runs as it is; the others are adapted, mostly by fixtures.
"""
