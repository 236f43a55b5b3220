import { z } from 'zod'
import { PageInput } from '../billing/billing.schemas.ts'
import { moment, storableText } from '../platform/values.schemas.ts'
import { EventBody, EventType } from './events.schemas.ts'

const id = z.uuid('must be an id').toLowerCase()

// Endpoints

export const EndpointState = z.enum(['active', 'off'], 'must be active or off')
export type EndpointState = z.infer<typeof EndpointState>
/** Why an endpoint is off: it answered 410, it failed for days, or an administrator switched it off. */
export const OffReason = z.enum(['gone', 'failing', 'switched_off'])
export type OffReason = z.infer<typeof OffReason>

export const WebhookEndpointView = z.object({
  id: z.uuid(),
  url: z.string(),
  /** Null for all types, also those of later versions. */
  types: z.array(EventType).nullable(),
  description: z.string(),
  state: EndpointState,
  offReason: OffReason.nullable(),
  createdAt: z.date(),
  /** Since when every attempt has failed; null if the last one succeeded. */
  failingSince: z.date().nullable(),
  /** Until when the secrets before the present one sign as well; null if there is none. */
  secretExpiresAt: z.date().nullable(),
})
export type WebhookEndpointView = z.infer<typeof WebhookEndpointView>
export const WebhookEndpointList = z.array(WebhookEndpointView)
export const WebhookEndpointWithSecret = WebhookEndpointView.extend({ secret: z.string() })
export type WebhookEndpointWithSecret = z.infer<typeof WebhookEndpointWithSecret>

const url = storableText.trim().min(1, 'must not be empty').max(2_000, 'must have at most 2000 characters')
const types = z
  .array(EventType)
  .min(1, 'must name at least one type; leave it out for all')
  .max(EventType.options.length * 2, 'has too many types')
  .transform((names) => [...new Set(names)])
const description = storableText.trim().max(200, 'must have at most 200 characters')

export const CreateEndpointInput = z.object({
  url,
  types: types.nullish().transform((names) => names ?? null),
  description: description.default(''),
})
export type CreateEndpointInput = z.infer<typeof CreateEndpointInput>

export const UpdateEndpointInput = z.object({
  id,
  url: url.optional(),
  /** Null for all types. */
  types: types.nullable().optional(),
  description: description.optional(),
  state: EndpointState.optional(),
})
export type UpdateEndpointInput = z.infer<typeof UpdateEndpointInput>

export const EndpointInput = z.object({ id })
export type EndpointInput = z.infer<typeof EndpointInput>

/** How the endpoint answered a test event. */
export const EndpointTest = z.object({
  ok: z.boolean(),
  eventId: z.string(),
  /** Null without an answer. */
  status: z.int().nullable(),
  error: z.string().nullable(),
  milliseconds: z.int(),
})
export type EndpointTest = z.infer<typeof EndpointTest>

// Deliveries

export const DeliveryState = z.enum(['waiting', 'delivered', 'parked'], 'must be waiting, delivered or parked')
export type DeliveryState = z.infer<typeof DeliveryState>

export const WebhookDeliveryView = z.object({
  id: z.uuid(),
  endpointId: z.uuid(),
  /** As in the body: `evt_` and a UUID. */
  eventId: z.string(),
  type: EventType,
  state: DeliveryState,
  attempts: z.int(),
  /** Null without an answer. */
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  /** Null while it is being sent, and once it is delivered or parked. */
  nextAttemptAt: z.date().nullable(),
  deliveredAt: z.date().nullable(),
  createdAt: z.date(),
})
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>
/** With what is sent. */
export const WebhookDeliveryWithBody = WebhookDeliveryView.extend({ body: EventBody })
export type WebhookDeliveryWithBody = z.infer<typeof WebhookDeliveryWithBody>
export const WebhookDeliveryPage = z.object({
  items: z.array(WebhookDeliveryView),
  nextCursor: z.string().nullable(),
})

export const DeliveryInput = z.object({ id })
export type DeliveryInput = z.infer<typeof DeliveryInput>

export const ListDeliveriesInput = PageInput.extend({
  endpointId: id.optional(),
  state: DeliveryState.optional(),
  type: EventType.optional(),
  eventId: z
    .string()
    .regex(/^evt_[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, 'must be the id of an event (evt_…)')
    .toLowerCase()
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
})
export type ListDeliveriesInput = z.infer<typeof ListDeliveriesInput>

/** One delivery, or all that were parked of an endpoint and were made since a moment. */
export const ResendDeliveriesInput = z
  .object({ id: id.optional(), endpointId: id.optional(), since: moment.optional() })
  .superRefine((given, context) => {
    const isOne = given.id !== undefined && given.endpointId === undefined && given.since === undefined
    const isMany = given.id === undefined && given.endpointId !== undefined && given.since !== undefined
    if (!isOne && !isMany)
      context.addIssue({ code: 'custom', path: ['id'], message: 'give either id, or endpointId and since' })
  })
export type ResendDeliveriesInput = z.infer<typeof ResendDeliveriesInput>
export const ResentDeliveries = z.object({ resent: z.int(), hasMore: z.boolean() })
export type ResentDeliveries = z.infer<typeof ResentDeliveries>
