"""What goes into the field and comes back: packages, forms, answers."""
