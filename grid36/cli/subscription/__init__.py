"""The commands `grid36 subscription`: what is posted to programs outside."""
