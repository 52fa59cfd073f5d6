# mailflow as a container: one volume (/data), no root, the desk on port 8080.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE rules.toml ./
COPY templates ./templates
COPY mailflow ./mailflow
RUN python -m venv /opt/mailflow \
    && /opt/mailflow/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home mailflow
COPY --from=build /opt/mailflow /opt/mailflow
ENV PATH=/opt/mailflow/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MAILFLOW_DATA=/data \
    MAILFLOW_DESK_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["mailflow", "run"]
