"""Files that people write: read strictly, and told what is wrong where."""
