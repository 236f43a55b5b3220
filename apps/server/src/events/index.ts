import { EventObject } from './event-object.entity.ts'
import { Event } from './event.entity.ts'
import { WebhookDelivery } from './webhook-delivery.entity.ts'
import { WebhookEndpoint } from './webhook-endpoint.entity.ts'

export { eventsRetention } from './events.retention.ts'
export type { EventsDeps } from './events-scope.ts'
export { createEventFeed } from './feed/event-feed.ts'
export { readFeedBacklog } from './feed/read-feed-backlog.ts'
export { followEarlierAccess } from './record/follow-earlier-access.ts'
export { createSequencer } from './feed/sequencer.ts'
export { createEndpoint } from './endpoints/create-endpoint.ts'
export { deleteEndpoint } from './endpoints/delete-endpoint.ts'
export { listEndpoints } from './endpoints/list-endpoints.ts'
export { rollSecret } from './endpoints/roll-secret.ts'
export { seedEndpoint } from './endpoints/seed-endpoint.ts'
export { testEndpoint } from './endpoints/test-endpoint.ts'
export { updateEndpoint } from './endpoints/update-endpoint.ts'
export { fanOut } from './deliveries/fan-out.ts'
export { getDelivery } from './deliveries/get-delivery.ts'
export { listDeliveries } from './deliveries/list-deliveries.ts'
export { readBacklog } from './deliveries/read-backlog.ts'
export { resendDeliveries } from './deliveries/resend-deliveries.ts'
export { startDeliveries } from './deliveries/start-deliveries.ts'
export { createWebhooks, type WebhooksDeps } from './webhooks-scope.ts'
export {
  CreateEndpointInput,
  DeliveryInput,
  EndpointInput,
  EndpointTest,
  ListDeliveriesInput,
  ResendDeliveriesInput,
  ResentDeliveries,
  UpdateEndpointInput,
  WebhookDeliveryPage,
  WebhookDeliveryWithBody,
  WebhookEndpointList,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
} from './webhooks.schemas.ts'

export const eventsEntities = [Event, EventObject, WebhookEndpoint, WebhookDelivery]
