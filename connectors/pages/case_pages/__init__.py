"""Pages of long lists of cases."""
