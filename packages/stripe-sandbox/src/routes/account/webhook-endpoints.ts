import { describedWords } from '../../http/described-params.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, clearable, hash, list, mergeMetadata, metadata, oneOf, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { readVersion } from '../../http/stripe-version.ts'
import { serializeWebhookEndpoint } from '../../resources/webhook.ts'
import { createWebhookEndpoint } from '../../webhooks/webhook-endpoint.ts'
import { inPath } from '../lookup.ts'

/** The names of Stripe's events. As in Stripe's API, `*` stands for all of them. */
const EVENTS = list(oneOf(...describedWords('POST /v1/webhook_endpoints', 'enabled_events')), { max: 300 })

const CREATE = hash({
  url: required(string()),
  enabled_events: required(EVENTS),
  api_version: string(),
  connect: boolean(),
  description: clearable(string()),
  metadata: metadata(),
})
const UPDATE = hash({
  url: string(),
  enabled_events: EVENTS,
  disabled: boolean(),
  description: clearable(string()),
  metadata: metadata(),
})

export const webhookEndpointRoutes = [
  route('POST', '/webhook_endpoints', CREATE, ({ account, params }) => {
    const { metadata: given, connect: _connect, ...fields } = params
    checkUrl(fields.url)
    readVersion(fields.api_version, account.settings.apiVersion, 'api_version')
    const row = createWebhookEndpoint(account, { ...fields, metadata: mergeMetadata({}, given) })
    // This is the only response that shows the secret.
    return { ...serializeWebhookEndpoint(row), secret: row.secrets[0]?.value }
  }),
  route('GET', '/webhook_endpoints/:id', hash({}), ({ account, id }) =>
    serializeWebhookEndpoint(inPath(account.webhookEndpoints, id, 'webhook endpoint')),
  ),
  route('POST', '/webhook_endpoints/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.webhookEndpoints, id, 'webhook endpoint')
    const { disabled, metadata: given, ...fields } = params
    if (fields.url !== undefined) checkUrl(fields.url)
    const row = account.webhookEndpoints.patch(id, {
      ...fields,
      metadata: mergeMetadata(old.metadata, given),
      ...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
    })
    return serializeWebhookEndpoint(row)
  }),
  route('DELETE', '/webhook_endpoints/:id', hash({}), ({ account, id }) => {
    inPath(account.webhookEndpoints, id, 'webhook endpoint')
    account.webhookEndpoints.remove(id)
    return { id, object: 'webhook_endpoint', deleted: true }
  }),
  route('GET', '/webhook_endpoints', hash(PAGE), ({ account, params }) =>
    page('/v1/webhook_endpoints', account.webhookEndpoints.all(), params, serializeWebhookEndpoint),
  ),
]

function checkUrl(url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
      param: 'url',
      code: 'url_invalid',
    })
}
