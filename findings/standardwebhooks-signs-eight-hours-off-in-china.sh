#!/usr/bin/env bash
# standardwebhooks 1.1.0 (the reference library): a webhook is signed with the time in China, an aware datetime, and
# verified at once; then with the same moment in UTC.
# Guess: `sign` takes any aware datetime, as a moment is a moment.
# Seen:  the time zone is replaced, not converted: the signature is over a time eight hours ahead of the header, and
#        `verify` says that no signature matches, which looks like a wrong secret.
# So:    give `sign` UTC only, or sign `id.timestamp.body` with ten lines of your own.
. "$(dirname "$0")/kafka.sh"
packages standardwebhooks==1.1.0
cat >"$FOLDER/sign.py" <<'P'
from datetime import UTC, datetime, timedelta, timezone

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook, body = Webhook("whsec_" + "QUFB" * 8), '{"text": "greasy pavement"}'


def accepted(moment):
    """What `verify` says of what `sign` signed at this moment."""
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(moment.timestamp()))}
    try:
        webhook.verify(body, headers | {"webhook-signature": webhook.sign("msg_1", moment, body)})
    except WebhookVerificationError as error:
        return error
    return "accepted"


now = datetime.now(UTC)
print("in UTC:", accepted(now))
print("in China:", accepted(now.astimezone(timezone(timedelta(hours=8)))))
P
SEEN=$("$FOLDER/venv/bin/python" "$FOLDER/sign.py")
echo "$SEEN"
[ "$SEEN" = 'in UTC: accepted
in China: No matching signature found' ]
