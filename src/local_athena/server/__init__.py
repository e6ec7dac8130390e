"""The local Athena as a server: the APIs of Athena, Glue, S3, STS and Lake Formation, faults and the log."""
