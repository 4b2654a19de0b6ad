"""What people do to cases: one module per kind of act, one table of who may do what, and when."""
