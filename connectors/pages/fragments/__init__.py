"""Parts that several pages share: cards, forms, lists."""
