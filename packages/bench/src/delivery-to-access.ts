import { createTollgateClient } from '@tollgate/client'
import type { Endpoints } from '@tollgate/local/endpoints'
import { payOnPage } from '@tollgate/local/hosted-page'
import type { Pool } from 'pg'
import { newAccount, PASSWORD } from './people.ts'
import { deliver } from './webhook-calls.ts'

/**
 * Measures the time from the delivery of an event until the customer has access. The sandbox drops its own delivery of
 * the customer's payment. This function delivers that event itself, then asks the API until the customer has access.
 *
 * @returns milliseconds.
 * @throws {Error} when the customer has no access 10 s after the delivery.
 */
export async function deliveryToAccess(endpoints: Readonly<Endpoints>, pool: Pool): Promise<number> {
  const { api } = createTollgateClient({ url: endpoints.api, cookies: 'memory' })
  const account = newAccount()
  const { user } = await api.auth.register.mutate(account)
  await pool.query('update users set is_verified = true where id = $1', [user.id])
  await api.auth.login.mutate({ email: account.email, password: PASSWORD })
  const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
  await payOnPage(checkoutUrl)
  const event = await completedEvent(endpoints, sessionId)

  const deliveredAt = performance.now()
  await deliver(endpoints, event)
  while (!(await api.billing.subscriptions.current.query())?.hasAccess) {
    if (performance.now() - deliveredAt > 10_000) throw new Error('The customer has no access 10 s after the event.')
  }
  return performance.now() - deliveredAt
}

/** Makes the sandbox drop every delivery (1) or none (0). */
export async function dropDeliveries({ stripe }: Pick<Endpoints, 'stripe'>, drop: 0 | 1): Promise<void> {
  const response = await fetch(`${stripe}/_/chaos`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ drop }),
  })
  if (!response.ok) throw new Error(`The Stripe sandbox refused: ${await response.text()}`)
}

async function completedEvent({ stripe, stripeKey }: Readonly<Endpoints>, sessionId: string): Promise<object> {
  const response = await fetch(`${stripe}/v1/events?type=checkout.session.completed&limit=10`, {
    headers: { authorization: `Bearer ${stripeKey}` },
  })
  const { data } = JSON.parse(await response.text()) as { data: { data: { object: { id: string } } }[] }
  const event = data.find(({ data: { object } }) => object.id === sessionId)
  if (!event) throw new Error(`The Stripe sandbox has no event for ${sessionId}.`)
  return event
}
