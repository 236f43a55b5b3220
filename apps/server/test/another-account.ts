import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createTollgateClient, type TollgateClient } from '@tollgate/client'
import Stripe from 'stripe'
import { z } from 'zod'
import { createApp } from '../src/app.ts'
import { createDeps, openScope, type Deps, type FullScope } from '../src/deps.ts'
import { createHttpServer } from '../src/platform/http/http-server.ts'
import { controlStripe } from './stripe.ts'
import type { TestApp, TestUser } from './test-app.ts'

export interface SwitchedApp extends AsyncDisposable {
  /** The official client, with the new account's key. */
  readonly stripe: Stripe
  readonly secretKey: string
  readonly deps: Deps
  scope(): FullScope
  as(user: TestUser): Promise<TollgateClient>
}

/** A second server on the same database, with the key of another Stripe account. Stop the first one's worker. */
export async function withAnotherAccount(app: TestApp): Promise<SwitchedApp> {
  return withAnotherKey(app, {})
}

/** The same with another key of the same Stripe account. The first key stays valid. */
export async function withReplacedKey(app: TestApp): Promise<SwitchedApp> {
  return withAnotherKey(app, { account: app.stripe.accountId })
}

async function withAnotherKey(app: TestApp, of: { account?: string }): Promise<SwitchedApp> {
  const { secretKey } = z.object({ secretKey: z.string() }).parse(await controlStripe(app, 'POST', 'secret-keys', of))
  const { config, log, boss, clock, auth } = app.deps
  const replaced = { clock, passwords: auth.passwords }
  const deps = await createDeps({ ...config, STRIPE_SECRET_KEY: secretKey }, log, boss, replaced)
  await deps.billing.provider.account()
  const http = createApp(deps, () => false)
  const server = createHttpServer((req, res) => void http(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { hostname, port } = new URL(app.stripe.url)
  return {
    stripe: new Stripe(secretKey, { host: hostname, port: Number(port), protocol: 'http', telemetry: false }),
    secretKey,
    deps,
    scope: () => openScope(deps, {}),
    async as({ email, password }) {
      const client = createTollgateClient({ url, cookies: 'memory' })
      await client.api.auth.login.mutate({ email, password })
      return client
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await deps.close()
    },
  }
}
