import { strict as assert } from 'node:assert'
import type { TollgateClient } from '@tollgate/client'
import { day, type Step } from './demo-steps.ts'
import type { Endpoints } from './endpoints.ts'

const FEATURE = 'api.calls'

/** The answer about a feature, as far as the story tells it. */
interface Usage {
  allowed: boolean
  used: number
  limit: number | null
  resetsAt: string | null
  unlockedBy?: { planCode: string } | null
}

/** What a product's backend does with a service key. */
export type CountCalls = (amount: number) => Promise<Usage>

/** A product counts what its customer uses, until the plan's limit is reached. */
export async function useUp(
  { api }: TollgateClient,
  admin: TollgateClient,
  endpoints: Readonly<Endpoints>,
  step: Step,
): Promise<CountCalls> {
  const { id } = await api.auth.me.query()
  const key = await step(
    'Make a service key',
    () => admin.api.admin.serviceKeys.create.mutate({ name: 'The product', scopes: ['usage:write'] }),
    ({ start, scopes }) => `${start}…, which may do no more than ${scopes.join(', ')}`,
  )
  const count = counterOf(endpoints.api, id, key.key)
  await step('Use up the limit', async () => {
    const { limit } = (await api.billing.entitlements.query()).features[FEATURE] ?? assert.fail()
    const { allowed, used } = await count(limit ?? assert.fail())
    assert.ok(allowed)
    return `${used} of ${limit} ${FEATURE}`
  })
  await step('Use one more', async () => {
    const { allowed, unlockedBy, resetsAt } = await count(1)
    assert.equal(allowed, false)
    assert.ok(unlockedBy)
    return `denied until ${day(resetsAt === null ? null : new Date(resetsAt))}; ${unlockedBy.planCode} would allow it`
  })
  return count
}

/** After a renewal, the same customer has the whole limit again. */
export async function useAgain(count: CountCalls, step: Step): Promise<void> {
  await step('Use it again', async () => {
    const { allowed, used, limit } = await count(1)
    assert.deepEqual([allowed, used], [true, 1])
    return `${used} of ${limit} ${FEATURE}: a new period has begun`
  })
}

function counterOf(api: string, accountId: string, serviceKey: string): CountCalls {
  let calls = 0
  return async (amount) => {
    const response = await fetch(`${api}/v1/accounts/${accountId}/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ feature: FEATURE, amount, key: `demo-${++calls}` }),
    })
    assert.equal(response.status, 200)
    return (await response.json()) as Usage
  }
}
