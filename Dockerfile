# The portal's image: one for the web server, the worker, the scheduler and set-up.
# Build where PyPI, npm and Debian can be reached: docker compose build
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --no-create-home --home-dir /nonexistent vciso
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --from=packages /app/node_modules node_modules
COPY . .
ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=vciso.settings VCISO_VAR=/var/lib/vciso \
    XDG_CACHE_HOME=/tmp
RUN install -d -o vciso -g vciso -m 750 /var/lib/vciso \
    && python -m vciso.pdf.fonts node_modules /usr/local/share/vciso-fonts
USER vciso
EXPOSE 8000
CMD ["docker/serve"]
