#!/bin/sh
# One mail that came back, from the mail server's pipe (docs/email.md). 75: the mail server tries again later.
export VECINO_CONFIG=/etc/vecino/config.yml VECINO_VAR=/var/lib/vecino
[ -r /etc/vecino/vecino.env ] || exit 75
while IFS= read -r line || [ -n "$line" ]; do # as systemd reads it, and deploy/vecino.sh
    case $line in [A-Z]*=*) ;; *) continue ;; esac
    name=${line%%=*}
    value=$(printf '%s' "${line#*=}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
    case $value in \'*\' | \"*\") value=${value#?} value=${value%?} ;; esac
    export "$name=$value"
done </etc/vecino/vecino.env
cd /opt/vecino || exit 75
umask 077
exec .venv/bin/python -m bot bounced "$@"
