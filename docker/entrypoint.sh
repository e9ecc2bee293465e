#!/bin/sh
# Every process of the portal starts here: in a container, under `make run`, and in the tests.
#   web | worker | beat     one of its processes
#   migrate                 bring the database to this version, as the owner of its tables
#   health web|worker|beat  exit 0 when that process does its work
#   manage …                one of Django's commands
# A secret may come from a file: NAME_FILE=/run/secrets/name stands for NAME.
set -eu
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-malpas.settings}"

fail() {
    echo "entrypoint: $1" >&2
    exit 64
}

read_secret() { # NAME: from the file that NAME_FILE names, unless NAME is set
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -z "$value" ] && [ -n "$file" ]; then
        [ -r "$file" ] || fail "$1_FILE names $file, which cannot be read."
        value=$(cat "$file")
        [ -n "$value" ] || fail "$1_FILE names $file, which is empty."
        export "$1=$value"
    fi
    unset value file
}

for name in SECRET_KEY CODE_KEY DATABASE_URL DATABASE_PASSWORD APP_DATABASE_PASSWORD REDIS_URL \
    REDIS_PASSWORD EMAIL_URL MICROSOFT_CLIENT_SECRET GOOGLE_CLIENT_SECRET; do
    read_secret "$name"
done
# Where DATABASE_URL holds no password, libpq takes this one.
if [ -n "${DATABASE_PASSWORD:-}" ]; then export PGPASSWORD="$DATABASE_PASSWORD"; fi
if [ -z "${REDIS_URL:-}" ] && [ -n "${REDIS_PASSWORD:-}" ]; then
    REDIS_URL="redis://:$(python -c 'import os, urllib.parse
print(urllib.parse.quote(os.environ["REDIS_PASSWORD"], safe=""))')@${REDIS_HOST:-redis}:6379"
    export REDIS_URL
fi

schedule="${BEAT_SCHEDULE:-/tmp/beat-schedule}"
worker_name="${WORKER_NAME:-portal@%h}" # celery knows %h as this machine's name

web() {
    export DB_POOL="${DB_POOL:-1}"
    if [ -d /dev/shm ] && [ -w /dev/shm ]; then set -- --worker-tmp-dir /dev/shm "$@"; fi
    # WEB_THREADS of them make pages at a time (malpas/web/request_bodies.py); the others wait for slow senders.
    # By default gunicorn takes SCRIPT_NAME and PATH_INFO from the headers of whoever is on this machine.
    exec gunicorn malpas.wsgi --preload --worker-class malpas.web.worker.PortalWorker --no-control-socket \
        --forwarder-headers '' --workers "${WEB_WORKERS:-2}" --threads "${WEB_CONNECTIONS:-64}" \
        --bind "${WEB_BIND:-0.0.0.0:8000}" --timeout 60 --graceful-timeout 10 "$@"
}

worker() {
    exec celery -A malpas.celery worker --concurrency "${WORKER_CONCURRENCY:-2}" \
        --hostname "$worker_name" --loglevel "${LOG_LEVEL:-info}" \
        --without-gossip --without-mingle "$@"
}

beat() {
    exec celery -A malpas.celery beat --schedule "$schedule" --pidfile= --loglevel "${LOG_LEVEL:-info}" "$@"
}

health() {
    case "${1:-}" in
    web) exec python -m malpas.web.health "${WEB_BIND:-127.0.0.1:8000}" ;;
    worker) exec celery -A malpas.celery inspect ping --timeout 10 \
        --destination "$(printf '%s' "$worker_name" | sed "s/%h/$(hostname)/")" ;;
    beat) # it writes its schedule down every three minutes
        [ -n "$(find "$schedule"* -mmin -10 2>/dev/null)" ] ;;
    *) fail "say whose health: web, worker or beat." ;;
    esac
}

verb="${1:-}"
[ $# -eq 0 ] || shift
case "$verb" in
web | worker | beat | health) "$verb" "$@" ;;
migrate) exec python manage.py migrate --noinput "$@" ;;
manage) exec python manage.py "$@" ;;
*) fail "say what to do: web, worker, beat, migrate, health or manage." ;;
esac
