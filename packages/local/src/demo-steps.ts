import { strict as assert } from 'node:assert'
import { formatMoney, type RouterOutputs, type TollgateClient } from '@tollgate/client'
import type { Endpoints } from './endpoints.ts'

type Api = TollgateClient['api']
export type Say = (line: string) => void
type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>

/** The customer whose life the demo tells. */
export const EMAIL = 'ada@example.com'

export type Step = <T>(title: string, act: () => Promise<T>, seen?: (result: T) => string) => Promise<T>

/** Prints a line with the result of each step, or the title of the step that fails. */
export function stepper(say: Say): Step {
  let number = 0
  return async (title, act, seen = String) => {
    number += 1
    const head = `${String(number).padStart(2)}  ${title.padEnd(22)}`
    const start = performance.now()
    try {
      const result = await act()
      say(`${head}  ${seen(result)}  (${Math.round(performance.now() - start)} ms)`)
      return result
    } catch (error) {
      say(`${head}  FAILED`)
      throw error
    }
  }
}

export async function advance({ stripe }: Readonly<Endpoints>, by: { days: number }): Promise<void> {
  const response = await fetch(`${stripe}/_/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(by),
  })
  assert.equal(response.status, 200, await response.text())
}

/** Waits until the subscription is in the expected state: Stripe's events take a moment to arrive. */
export async function currentOnce(
  api: Api,
  isSo: (subscription: Subscription) => boolean,
  account: { accountId?: string } = {},
): Promise<Subscription> {
  return eventually('the subscription is not in the expected state', async () => {
    const current = await api.billing.subscriptions.current.query(account)
    return current && isSo(current) ? current : undefined
  })
}

export async function paymentsOnce(api: Api, count: number) {
  return eventually(`the number of payments is not ${count}`, async () => {
    const { items } = await api.billing.payments.list.query({})
    return items.length === count ? items : undefined
  })
}

export async function eventually<T>(problem: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`After 15 s ${problem}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const day = (moment: Date | null) => moment?.toISOString().slice(0, 10) ?? 'never'

export const money = (amountCents: number, currency: string) => formatMoney(amountCents, currency, 'en-US')
