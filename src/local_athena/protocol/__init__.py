"""What comes over the wire: requests and answers, and which call of which service one is."""
