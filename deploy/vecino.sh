#!/bin/sh
# `sudo vecino COMMAND`: any command of Vecino as its own user and with the service's settings (docs/operations.md).
# Copied to /usr/local/bin/vecino. What is named by FILE or DIR must be readable, or writable, by the user `vecino`.
[ "$(id -un)" = vecino ] || exec runuser -u vecino -- "$0" "$@"
[ -r /etc/vecino/vecino.env ] || { echo "/etc/vecino/vecino.env cannot be read by the user vecino" >&2; exit 1; }
for file in /etc/vecino/vecino.env /etc/vecino/nlu.env; do
    [ -r "$file" ] || continue
    while IFS= read -r line; do
        case $line in [A-Z]*=*) export "${line?}" ;; esac # as systemd reads it: no shell's letters
    done <"$file"
done
export VECINO_CONFIG=/etc/vecino/config.yml VECINO_VAR=/var/lib/vecino
umask 077
cd /opt/vecino || exit 1 # where the code lies, if it is a checkout
exec .venv/bin/python -m bot "$@"
