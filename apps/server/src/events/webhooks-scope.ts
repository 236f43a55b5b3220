import type { Scope } from '../platform/scope.ts'
import { createWebhookPoster, type WebhookPoster } from './outbound/post-webhook.ts'
import type { OutboundSettings } from './outbound/url-rules.ts'

/** What webhooks need for as long as the process runs. */
export interface WebhooksDeps {
  readonly settings: OutboundSettings
  readonly poster: WebhookPoster
}

/** The scope of one call of a use case about webhooks. */
export interface WebhooksScope extends Scope {
  readonly webhooks: WebhooksDeps
}

/** Creates what webhooks need. Nothing is sent before it is asked. */
export const createWebhooks = (settings: OutboundSettings): WebhooksDeps => ({
  settings,
  poster: createWebhookPoster(settings),
})
