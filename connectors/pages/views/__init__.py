"""The pages: one module for each address."""
