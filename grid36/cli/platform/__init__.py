"""The commands `grid36 import` and `grid36 platform`: neighbouring platforms, such as a hotline."""
