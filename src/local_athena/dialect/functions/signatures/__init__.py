"""Signatures of functions in Trino's notation, and which of them a call means."""
