# The target `server` is one image for everything: `serve --console`, `work`, `migrate`, `seed`, …
# The targets `stripe-sandbox` and `oauth-sandbox` are for development. deploy/sandboxes.yml runs them.
ARG NODE=26-trixie-slim

FROM node:${NODE} AS source
RUN npm install --global pnpm@12.21.0
RUN apt-get update && apt-get install --yes --no-install-recommends python3 make g++
WORKDIR /repo
# Fetch packages first: this layer is rebuilt only when the lockfile changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .

FROM source AS console
RUN pnpm install --offline --frozen-lockfile --filter @tollgate/console... --filter tollgate \
 && pnpm --filter @tollgate/console build

FROM source AS build
RUN pnpm install --offline --frozen-lockfile --filter @tollgate/backend --filter tollgate \
 && pnpm exec tsc -p apps/server/tsconfig.build.json \
 && pnpm --filter @tollgate/backend --prod --legacy deploy /app
# Builds for newer CPUs hash passwords two to three times as fast. The server chooses when it starts.
RUN node apps/server/scripts/build-argon2.ts /app/argon2-builds

FROM source AS sandboxes
RUN pnpm install --offline --frozen-lockfile --filter @tollgate/stripe-sandbox --filter @tollgate/oauth-sandbox --filter tollgate \
 && pnpm --filter @tollgate/stripe-sandbox --filter @tollgate/oauth-sandbox run prepack

FROM node:${NODE} AS sandbox
RUN mkdir /sandbox && echo '{"type":"module"}' > /sandbox/package.json && mkdir /data && chown node /data
USER node
VOLUME /data
ENTRYPOINT ["node", "/sandbox/cli.js", "--host", "0.0.0.0"]

FROM sandbox AS stripe-sandbox
COPY --from=sandboxes /repo/packages/stripe-sandbox/dist /sandbox
EXPOSE 3002
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:3002/_/clock').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["--public-url", "http://localhost:3002"]

FROM sandbox AS oauth-sandbox
COPY --from=sandboxes /repo/packages/oauth-sandbox/dist /sandbox
EXPOSE 3003
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:3003/google/.well-known/openid-configuration').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["--public-url", "http://localhost:3003"]

# The last stage is the one that is built without a target.
FROM node:${NODE} AS server
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/argon2-builds ./argon2-builds
COPY --from=build /repo/apps/server/dist ./dist
COPY --from=console /repo/apps/console/dist ./console
USER node
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
CMD ["serve"]
