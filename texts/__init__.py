"""Every text that people read: catalogues in Chinese and English, and what looks a sentence up."""
