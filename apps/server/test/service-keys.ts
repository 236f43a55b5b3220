import { consume, setOverride } from '../src/billing/index.ts'
import { OPERATOR } from '../src/platform/audit/audit.ts'
import type { ServiceScope } from '../src/platform/service-scopes.schemas.ts'
import { createServiceKey } from '../src/service/index.ts'
import type { TestApp } from './test-app.ts'

/** Makes a service key, by default one that may do everything. */
export async function aServiceKey(app: TestApp, ...scopes: ServiceScope[]): Promise<string> {
  const input = { name: 'A test', scopes: scopes.length > 0 ? scopes : (['admin'] satisfies ServiceScope[]) }
  return (await createServiceKey(app.scope(), OPERATOR, input)).key
}

/** Allows an account some `ai.tokens` and reserves 500 of them. @returns the reservation. */
export async function aUsageReservation(app: TestApp, accountId: string): Promise<string> {
  const [feature, value] = ['ai.tokens', { limit: 100_000, per: 'month' as const }]
  await setOverride(app.scope(), OPERATOR, { accountId, feature, value, until: null, reason: 'A test' })
  const { reservation = '' } = await consume(app.scope(), {
    ...{ id: accountId, feature, amount: 500, key: 'earlier', reserve: 60 },
  })
  return reservation
}
