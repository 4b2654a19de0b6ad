"""Independent answers that the product is compared with, and laws that it is held to."""
