# The image that `uses: OWNER/pachup@main` builds: one static binary and the CA roots, nothing else. It has to be
# ready soon, so it links Debian's own OpenSSL and small libraries. A release's image is made by `make image`, which
# compiles them from pinned sources with few features; --build-arg PREBUILT=0 does that here (docs/artefact.md).
ARG DEBIAN=debian:bookworm-slim
FROM ${DEBIAN} AS build
ARG PREBUILT=1
# the slow part changes seldom and has a layer of its own
COPY .ci/deps .ci/static-libs /src/.ci/
COPY .ci/static /src/.ci/static/
RUN cd /src && .ci/deps static prebuilt && .ci/static-libs build/static/lib
COPY Makefile /src/
COPY src /src/src/
RUN make -C /src -j"$(nproc)" static && /src/build/static/pachup version

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
