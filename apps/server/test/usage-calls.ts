import type { EntitlementsView } from '../src/billing/feature.schemas.ts'
import type { UsageView } from '../src/billing/usage.schemas.ts'
import { aPlan } from './plans.ts'
import type { TestApp } from './test-app.ts'

export interface UsageAnswer extends Partial<Omit<UsageView, 'resetsAt'>> {
  status: number
  resetsAt?: string | null
  error?: { reason: string; fieldErrors?: Record<string, string> }
}

/** The calls by which a program counts what an account uses. `started` gives the app and a service key. */
export function usageCalls(started: () => { app: TestApp; key: string }) {
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${started().app.url}/v1/accounts/${path}`, {
      method,
      headers: { authorization: `Bearer ${started().key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  const call = async (method: string, path: string, body?: object): Promise<UsageAnswer> => {
    const response = await ask(method, path, body)
    return { status: response.status, ...((await response.json()) as Omit<UsageAnswer, 'status'>) }
  }
  let keys = 0
  const use = ({ id }: { id: string }, terms: object) => call('POST', `${id}/usage`, { key: `key-${++keys}`, ...terms })
  return {
    ask,
    use,
    tokens: (of: { id: string }, amount: number, more: object = {}) =>
      use(of, { feature: 'ai.tokens', amount, ...more }),
    settle: ({ id }: { id: string }, reservation = '', amount = 0) =>
      call('PATCH', `${id}/usage/${reservation}`, { amount }),
    giveBack: ({ id }: { id: string }, reservation = '') => call('DELETE', `${id}/usage/${reservation}`),
    async usedBy({ id }: { id: string }, feature = 'ai.tokens') {
      const { features } = (await (await ask('GET', `${id}/entitlements`)).json()) as EntitlementsView
      return features[feature]?.used
    },
  }
}

/** How many connections to the app's database wait for a lock. */
export async function waitingForALock(app: TestApp): Promise<number | undefined> {
  const [row] = await app
    .scope()
    .em.execute<{ waiting: number }[]>(
      "select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    )
  return row?.waiting
}

/** Plans that count in each way: `small`, and two that allow more tokens. */
export async function plansToUse(app: TestApp): Promise<void> {
  await aPlan(app, {
    code: 'small',
    features: {
      'ai.tokens': { limit: 100, per: 'period' },
      exports: { limit: 3, per: 'day' },
      projects: { limit: 2, per: 'total' },
      sso: true,
    },
  })
  await aPlan(app, { code: 'large', priceCents: 5_000, features: { 'ai.tokens': { limit: 1_000, per: 'period' } } })
  await aPlan(app, {
    code: 'large-yearly',
    ...{ priceCents: 50_000, billingPeriod: 'yearly', features: { 'ai.tokens': { limit: null, per: 'period' } } },
  })
}
