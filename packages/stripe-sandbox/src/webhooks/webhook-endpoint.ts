import { newId, randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { WebhookEndpointRow } from '../state/rows/webhook.ts'

export function createWebhookEndpoint(
  account: Account,
  given: Pick<WebhookEndpointRow, 'url' | 'enabled_events'> & Partial<WebhookEndpointRow>,
): WebhookEndpointRow {
  return account.webhookEndpoints.insert({
    id: newId('we'),
    created: account.now(),
    api_version: null,
    description: null,
    metadata: {},
    status: 'enabled',
    secrets: [{ value: `whsec_${randomText(32)}`, expires_at: null }],
    ...given,
  })
}
