import { randomUUID } from 'node:crypto'
import type { Endpoints } from '@tollgate/local/endpoints'
import { call, mutate } from './http-calls.ts'
import type { Person } from './people.ts'

export const FEATURE = 'bench.calls'
/** So high that every call is counted. */
const LIMIT = 1_000_000_000_000

/** Counts one use, as a product's backend does. Each gets the number of its connection. */
export interface UsageCalls {
  /** Each connection has a counter of its own, as long as there are enough people. */
  spread(connection: number): Promise<unknown>
  /** All connections have the same counter. */
  hot(): Promise<unknown>
}

/**
 * Gives each of the people a limit, and makes the service key that counts.
 *
 * @param countAt an API with the clock of a production system. The stack's asks the sandbox for the time at each call.
 */
export async function usageCalls(
  { api, admin }: Readonly<Pick<Endpoints, 'api' | 'admin'>>,
  people: readonly Person[],
  countAt: string,
): Promise<UsageCalls> {
  const { json } = await mutate(api, 'auth.login', { email: admin.email, password: admin.password })
  const operator = { authorization: `Bearer ${String(json['accessToken'])}` }
  for (const { id: accountId } of people) {
    const terms = { accountId, feature: FEATURE, value: { limit: LIMIT, per: 'month' }, reason: 'A measurement' }
    await mutate(api, 'admin.entitlements.override', terms, operator)
  }
  const { json: made } = await mutate(
    api,
    'admin.serviceKeys.create',
    { name: 'A measurement', scopes: ['usage:write'] },
    operator,
  )
  const headers = { authorization: `Bearer ${String(made['key'])}`, 'content-type': 'application/json' }
  const count = (connection: number) => {
    const person = people[connection % people.length]
    const body = JSON.stringify({ feature: FEATURE, key: randomUUID() })
    return call(`${countAt}/v1/accounts/${person?.id}/usage`, { method: 'POST', headers, body })
  }
  return { spread: count, hot: () => count(0) }
}
