"""A real Trino as the judge of what Athena engine version 3 answers.

Fetches Trino with Maven, starts it on the loopback interface, runs the corpus of
`python_tests/corpus` on it and writes the answers down. Run as
`python scripts/trino_oracle --help`.
"""
