#!/bin/sh
# `sudo vecino COMMAND`: any command of Vecino as its own user and with the service's settings (docs/operations.md).
# Copied to /usr/local/bin/vecino. What is named by FILE or DIR must be readable, or writable, by the user `vecino`.
PATH=$PATH:/usr/sbin # cron has none of it, and `runuser` lies there
[ "$(id -un)" = vecino ] || exec runuser -u vecino -- "$0" "$@"
[ -r /etc/vecino/vecino.env ] || { echo "/etc/vecino/vecino.env cannot be read by the user vecino" >&2; exit 1; }

# As systemd reads it: no shell's letters, and neither blanks around a value nor quotes around it are part of it.
settings() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in [A-Z]*=*) ;; *) continue ;; esac
        name=${line%%=*}
        value=$(printf '%s' "${line#*=}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
        case $value in \'*\' | \"*\") value=${value#?} value=${value%?} ;; esac
        export "$name=$value"
    done <"$1"
}
settings /etc/vecino/vecino.env
[ ! -r /etc/vecino/nlu.env ] || settings /etc/vecino/nlu.env
export VECINO_CONFIG=/etc/vecino/config.yml VECINO_VAR=/var/lib/vecino
umask 077
cd /opt/vecino || exit 1 # where the code lies, if it is a checkout
exec .venv/bin/python -m bot "$@"
