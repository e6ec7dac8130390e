"""The command `derived-tables`: arguments and printing, one file a group."""
