"""Recipes and measurements; run them from the checkout."""
