"""Whether the packages for PostgreSQL are installed: they are needed by who uses it alone."""

from importlib.util import find_spec

from schemas.errors import Stop


class PostgresMissingError(Stop):
    """The packages for PostgreSQL are missing. Install them: `pip install -r requirements/postgresql.txt`."""


def require() -> None:
    """Raise `PostgresMissingError` without them."""
    missing = [name for name in ("sqlalchemy", "psycopg") if find_spec(name) is None]
    if missing:
        raise PostgresMissingError(packages=", ".join(missing))
