"""What every room uses: errors, language, findings, tables, coordinates, working days."""
