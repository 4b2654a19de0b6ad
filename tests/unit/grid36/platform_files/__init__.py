"""Files of neighbouring platforms: read, checked, and what was refused of them."""
