"""Files become raw tables here and nowhere else: one module a family of formats."""
