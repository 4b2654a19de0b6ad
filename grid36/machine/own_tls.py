"""How commands reach the gateway of this machine by https, whatever name its certificate has."""

import ssl

from grid36.machine.home import Home


def own_tls(home: Home) -> ssl.SSLContext | None:
    """Trusts the certificate of our running gateway and no other; None where it answers without https.

    Raises `OSError` where the certificate cannot be read.
    """
    certificate = home.said().get("gateway", {}).get("certificate")
    if certificate is None:
        return None
    context = ssl.create_default_context(cafile=str(certificate))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    return context
