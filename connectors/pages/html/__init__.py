"""Building blocks of all pages: HTML, layout, translations, times, and the viewer."""
