"""Functions of dates, times, timestamps and intervals, and the patterns that they read and write."""
