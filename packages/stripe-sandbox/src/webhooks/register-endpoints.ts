import type { Account } from '../state/account.ts'
import { createWebhookEndpoint } from './webhook-endpoint.ts'

export interface EndpointOption {
  readonly url: string
  /** `whsec_…`; without one, the endpoint keeps or gets its own. */
  readonly secret?: string
  readonly enabledEvents?: readonly string[]
}

/** Registers the endpoints given at the start; one that is known by its url from before is kept, with its new secret. */
export function registerEndpoints(account: Account, endpoints: readonly EndpointOption[]): string[] {
  return account.journal.transaction(() =>
    endpoints.map(({ url, secret, enabledEvents = ['*'] }) => {
      const known = account.webhookEndpoints.all().find((endpoint) => endpoint.url === url)
      const secrets = secret === undefined ? known?.secrets : [{ value: secret, expires_at: null }]
      const given = { url, enabled_events: [...enabledEvents], ...(secrets && { secrets }) }
      const row = known ? account.webhookEndpoints.patch(known.id, given) : createWebhookEndpoint(account, given)
      return row.secrets[0]?.value ?? ''
    }),
  )
}
