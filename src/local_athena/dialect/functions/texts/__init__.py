"""Functions of text: strings, URLs and `format`."""
