"""Canaille, an OpenID provider that others wrote, as the browser stories start it: everything in memory.

Run by the Python in `.oidc`, with JSON as its one argument: port, client, secret, address, and passwords by person.
"""

import json
import sys
from typing import Any

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server


def main(port: int, client: str, secret: str, address: str, passwords: dict[str, str]) -> None:
    """Serve until killed."""
    key = RSAKey.generate_key(2048, parameters={"use": "sig"}, auto_kid=True)
    app = create_app(
        config={
            "SECRET_KEY": "of the tests",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False, "LANGUAGE": "en"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    with app.app_context(), Backend.instance.session():
        for name, password in passwords.items():
            _save(models.User(user_name=name, family_name=name, formatted_name=name, password=password))
        known = models.Client(
            client_id=client, client_secret=secret, client_name="Grid36", client_uri=address,
            redirect_uris=[f"{address}/sign-in/oidc/back"], post_logout_redirect_uris=[f"{address}/sign-in"],
            grant_types=["authorization_code"], response_types=["code"], scope=["openid", "profile"],
            token_endpoint_auth_method="client_secret_basic",
        )  # fmt: skip
        _save(known)
        known.audience = [known]
        _save(known)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def _save(row: Any) -> None:
    Backend.instance.save(row)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
