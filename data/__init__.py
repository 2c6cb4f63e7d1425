"""Reference tables with their sources; read through `gazetteer.common.tables`."""
