# The image of the action: one static binary and the CA roots, nothing else.
# On main the base is a tag; the release workflow passes the digest that the tag stood for that day
# (--build-arg DEBIAN=debian:bookworm-slim@sha256:…), and the label below keeps it. It also passes
# STRICT=1: then a pinned source that no mirror has is an error and no warning.
ARG DEBIAN=debian:bookworm-slim
FROM ${DEBIAN} AS build
ARG STRICT=0
# the slow part changes seldom and has a layer of its own
COPY .ci/deps .ci/static-libs /src/.ci/
COPY .ci/static /src/.ci/static/
RUN cd /src && .ci/deps static && STRICT=${STRICT} .ci/static-libs build/static/lib
COPY Makefile /src/
COPY src /src/src/
RUN make -C /src -j4 static && /src/build/static/pachup version

FROM scratch
ARG DEBIAN=debian:bookworm-slim
ARG VERSION=main
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pachup" \
      org.opencontainers.image.description="Takes Pachyderm pipeline specs from a git commit to a cluster" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${DEBIAN}"
COPY --from=build /src/build/static/lib/roots.pem /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/build/static/pachup /usr/bin/pachup
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
ENTRYPOINT ["/usr/bin/pachup"]
