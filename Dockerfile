# The suite as an image: docker run --rm -e WORKOS_API_KEY IMAGE --base-url http://host.docker.internal:8080
FROM python:3.11-slim

COPY requirements-runtime.lock /tmp/
RUN pip install --no-cache-dir --require-hashes --requirement /tmp/requirements-runtime.lock

COPY . /src
RUN pip install --no-cache-dir --no-deps /src && rm -r /src

RUN useradd --create-home --uid 10001 judge
USER 10001
WORKDIR /home/judge
ENTRYPOINT ["organizations-conformance"]
