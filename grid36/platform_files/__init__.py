"""Files that neighbouring platforms export, read row by row and sent to the gateway."""
