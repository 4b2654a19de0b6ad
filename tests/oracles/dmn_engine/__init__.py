"""An independent DMN engine, Apache KIE: checks files against the schema of DMN 1.5 and decides by them."""
