#!/bin/sh
# One mail that came back, from the mail server's pipe (docs/email.md), as the user `vecino`. 75: the mail server tries
# again later.
[ -r /etc/vecino/vecino.env ] || exit 75
cd /opt/vecino || exit 75
exec deploy/vecino.sh bounced "$@"
