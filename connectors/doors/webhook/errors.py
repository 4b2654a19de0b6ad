"""What can go wrong with the webhook door."""

from schemas.errors import WrongInput


class WebhookOffError(WrongInput):
    """The receiver answered 410 Gone, so nothing is posted to it any more. Set GRID36_DOOR_WEBHOOK_URL to its new
    address, or GRID36_DOOR_WEBHOOK_AGAIN to any new text, and start the gateway again.
    """
