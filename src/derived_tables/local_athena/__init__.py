"""A local Athena: Amazon Athena's API on one machine, with real SQL, real files and real Glue entries."""
