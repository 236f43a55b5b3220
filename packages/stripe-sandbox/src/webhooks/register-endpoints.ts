import type { EndpointOption } from '../options.ts'
import type { Account } from '../state/account.ts'
import { createWebhookEndpoint } from './webhook-endpoint.ts'

const GIVEN_AT_START = 'Given when the sandbox was started.'

/**
 * Registers the endpoints given at the start. An endpoint with a known URL is kept and gets the given secret. An
 * endpoint given at an earlier start is disabled if only others are given now, because the app has moved to another
 * port.
 *
 * @returns the secret of each.
 * @throws {Error} if a URL does not begin with http:// or https://.
 */
export function registerEndpoints(account: Account, endpoints: readonly EndpointOption[]): string[] {
  return account.journal.transaction(() => {
    const given = new Set(endpoints.map(({ url }) => url))
    for (const { id, url, description } of account.webhookEndpoints.all()) {
      const hasMoved = description === GIVEN_AT_START && given.size > 0 && !given.has(url)
      if (hasMoved) account.webhookEndpoints.patch(id, { status: 'disabled' })
    }
    return endpoints.map((endpoint) => register(account, endpoint))
  })
}

/** @throws {Error} if the URL does not begin with http:// or https://. */
function register(account: Account, { url, secret, enabledEvents = ['*'], apiVersion }: EndpointOption): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`the webhook URL must begin with http:// or https://, but it is ${url}.`)
  const known = account.webhookEndpoints.all().find((endpoint) => endpoint.url === url)
  const secrets = secret === undefined ? known?.secrets : [{ value: secret, expires_at: null }]
  const given = {
    url,
    enabled_events: [...enabledEvents],
    description: GIVEN_AT_START,
    ...(apiVersion && { api_version: apiVersion }),
    ...(secrets && { secrets }),
  }
  const row = known
    ? account.webhookEndpoints.patch(known.id, { ...given, status: 'enabled' })
    : createWebhookEndpoint(account, given)
  return row.secrets[0]?.value ?? ''
}
