"""The acts of people on cases, one module per kind; `schemas.rights` says who may do which."""
