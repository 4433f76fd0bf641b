# Two stages: build an environment with the CPU build of torch and the weights inside, then copy it.
# Nothing is downloaded when the container starts.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/pullquote
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
# torch first and alone: its CPU index serves nothing else.
RUN /opt/pullquote/bin/pip install --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' requirements.lock)"
COPY bot bot
COPY config config
RUN /opt/pullquote/bin/pip install --constraint requirements.lock . \
 && /opt/pullquote/bin/python -c "from bot.engine.encoders.sentence import SentenceEncoder; SentenceEncoder().encode_query('ready')"

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 pullquote && install -d -o pullquote -g pullquote /data
COPY --from=build /opt/pullquote /opt/pullquote
ENV PATH=/opt/pullquote/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PULLQUOTE_STORE__URL=sqlite:////data/pullquote.sqlite3
USER pullquote
WORKDIR /data
VOLUME /data
# `pullquote run` writes a heartbeat beside the store while it is connected; health reads it.
HEALTHCHECK --interval=60s --timeout=10s --start-period=90s --retries=3 CMD ["pullquote", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["pullquote"]
CMD ["run"]
