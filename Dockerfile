# One image for worker, gateway and ledger. The compiler that durable-rules needs stays in the first stage.
FROM maven:3-eclipse-temurin-17 AS jars
COPY pom.xml ./
RUN mvn -q -B dependency:copy-dependencies -DincludeScope=provided -DoutputDirectory=/jars

FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/postgresql.txt requirements/
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/postgresql.txt
COPY pyproject.toml ./
COPY bin/texts bin/
COPY texts texts
COPY schemas schemas
COPY rules rules
COPY streams streams
COPY connectors connectors
COPY grid36 grid36
COPY regions regions
COPY --from=jars /jars jars
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . && bin/texts \
    && .venv/bin/python -m grid36.machine.page_parts jars && rm -r jars

FROM python:3.12-slim
RUN useradd --uid 1000 --create-home grid36 && mkdir /data && chown grid36 /data
COPY --from=build /app /app
USER grid36
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH GRID36_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
ENTRYPOINT ["grid36"]
CMD ["--help"]
