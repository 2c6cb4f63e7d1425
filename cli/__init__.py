"""The `gazetteer` command, one file a group."""
