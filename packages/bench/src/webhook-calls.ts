import { createHmac, randomUUID } from 'node:crypto'
import type { Endpoints } from '@tollgate/local/endpoints'
import { call } from './http-calls.ts'

type Webhook = Pick<Endpoints, 'api' | 'webhookSecret'>

/** Delivers a signed event, as Stripe does. @see https://docs.stripe.com/webhooks#verify-manually */
export async function deliver({ api, webhookSecret }: Webhook, event: object): Promise<void> {
  const body = JSON.stringify(event)
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', webhookSecret).update(`${at}.${body}`).digest('hex')
  await call(`${api}/billing/stripe/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
    body,
  })
}

/** A new event, as large as a typical Stripe event, that the server must store and queue. */
export function someEvent(): object {
  const created = Math.floor(Date.now() / 1000)
  return {
    ...{ id: `evt_${randomUUID().replaceAll('-', '')}`, object: 'event', api_version: '2026-10-28.endive', created },
    ...{ type: 'customer.subscription.updated', livemode: false, pending_webhooks: 1, request: null },
    data: { object: { id: 'sub_bench', object: 'subscription', customer: 'cus_bench', pad: 'x'.repeat(2000) } },
  }
}
