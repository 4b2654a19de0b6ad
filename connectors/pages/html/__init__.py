"""What every page is built from: markup, layout, words, times, and who looks."""
