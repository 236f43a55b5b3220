import type { StripeSandboxOptions } from '@tollgate/stripe-sandbox'
import { Client } from 'pg'
import { inject } from 'vitest'
import { startLossyProxy } from '../lossy-proxy.ts'
import { createTestApp, type TestApp } from '../test-app.ts'
import { createFaults, type Faults } from './faults.ts'
import { startHandWorker, type HandWorker } from './hand-worker.ts'
import { startLossyPostgres } from './lossy-postgres.ts'
import { startLossySmtp } from './lossy-smtp.ts'

export interface FaultyApp extends AsyncDisposable {
  readonly app: TestApp
  readonly faults: Faults
  /** A direct connection to the database, which never fails, for the test's own reads and writes. */
  readonly database: Client
  readonly worker: HandWorker
}

/** A server whose connections to PostgreSQL, Stripe, and SMTP can fail at any call. */
export async function createFaultyApp(sandbox: StripeSandboxOptions = {}): Promise<FaultyApp> {
  await using stack = new AsyncDisposableStack()
  const faults = createFaults()
  const stripe = stack.use(await startLossyProxy(faults))
  const smtp = stack.use(await startLossySmtp(inject('inbox').smtpUrl, faults))
  let direct = ''
  const through = async (url: string) => {
    direct = url
    return stack.use(await startLossyPostgres(url, faults)).url
  }
  const app = stack.use(
    await createTestApp({ STRIPE_API_URL: stripe.url, SMTP_URL: smtp.url }, { worker: false, through, sandbox }),
  )
  stripe.target = app.stripe.url
  const database = new Client({ connectionString: direct })
  await database.connect()
  stack.defer(() => database.end())
  const worker = stack.use(await startHandWorker(app.deps, database))

  const running = stack.move()
  return { app, faults, database, worker, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
