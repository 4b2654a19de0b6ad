"""Parts that several pages show: cards, forms, lists."""
