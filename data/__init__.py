"""Reference tables with their sources; read through `gazetteer.tables`."""
