"""Signing in by the organisation's own log-in: OpenID Connect, authorization code flow with PKCE."""
