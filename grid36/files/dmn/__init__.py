"""Decision tables of a rulebook as DMN 1.5 XML, and back."""
