import { createTollgateClient } from '@tollgate/client'
import type { Endpoints } from '@tollgate/local/endpoints'
import { payOnPage } from '@tollgate/local/hosted-page'
import type { Pool } from 'pg'
import { newAccount, PASSWORD } from './people.ts'
import { deliver } from './webhook-calls.ts'

/**
 * How long after an event's delivery its user has access: somebody pays while the sandbox holds its deliveries back,
 * then the event is delivered by hand and the user asks until he is let in.
 *
 * @returns milliseconds.
 */
export async function deliveryToAccess(endpoints: Readonly<Endpoints>, pool: Pool): Promise<number> {
  const { api } = createTollgateClient({ url: endpoints.api })
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
    if (performance.now() - deliveredAt > 10_000) throw new Error('An event was delivered, and gave no access in 10 s.')
  }
  return performance.now() - deliveredAt
}

/** The sandbox drops every delivery from now on, or none. */
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
