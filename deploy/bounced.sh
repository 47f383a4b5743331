#!/bin/sh
# One mail that came back, from the mail server's pipe (docs/email.md). 75: the mail server tries again later.
export VECINO_CONFIG=/etc/vecino/config.yml VECINO_VAR=/var/lib/vecino
[ -r /etc/vecino/vecino.env ] || exit 75
while IFS= read -r line; do
    case $line in [A-Z]*=*) export "$line" ;; esac # as systemd reads it: no shell's letters
done </etc/vecino/vecino.env
cd /opt/vecino || exit 75
umask 077
exec .venv/bin/python -m bot bounced "$@"
