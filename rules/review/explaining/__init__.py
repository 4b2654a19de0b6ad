"""Parts of an explanation: tables row by row, versions of a list item, the admission gate, and limits."""
