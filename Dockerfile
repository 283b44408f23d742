# The portal's image: one for the web server, the worker, the scheduler, set-up and backups.
# Build where PyPI, npm and Debian can be reached: docker compose build
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim-bookworm
# "s3" adds what object stores need.
ARG EXTRAS=""
# Drawing libraries as in vciso/launch/system.py; the fonts are for scripts that Inter lacks.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 vciso \
    && useradd --system --uid 10001 --gid vciso --no-create-home --home-dir /nonexistent vciso \
    && install -d -o vciso -g vciso -m 750 /var/lib/vciso /var/lib/vciso/files /backups
WORKDIR /app
COPY requirements.txt requirements-s3.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
RUN if [ "$EXTRAS" = s3 ]; then pip install --no-cache-dir --require-hashes -r requirements-s3.txt; fi
COPY --from=packages /app/node_modules node_modules
COPY . .
RUN python -m compileall -q vciso engagements policies vendors risks reporting
ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=vciso.settings VCISO_VAR=/var/lib/vciso XDG_CACHE_HOME=/tmp
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "python:vciso.serving"]
