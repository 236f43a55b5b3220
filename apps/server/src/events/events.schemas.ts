import { z } from 'zod'

/** What other programs can learn of. */
const EVENT_TYPES = [
  'user.created',
  'user.updated',
  'user.deactivated',
  'user.deleted',
  'account.created',
  'account.updated',
  'account.deleted',
  'member.added',
  'member.changed',
  'member.removed',
  'subscription.changed',
  'payment.changed',
  'entitlements.changed',
] as const

export const EventType = z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`)
export type EventType = z.infer<typeof EventType>

/** One event, in the feed and in a delivery. */
export const EventBody = z
  .object({
    id: z.string().describe('`evt_` and a UUID. The same in the feed and in every delivery.'),
    type: EventType,
    timestamp: z.date().describe('When the change was made.'),
    version: z.int().describe('Grows by one with each event of the object. Keep the state with the highest version.'),
    accountId: z.uuid().nullable().describe('The account that the object belongs to. Null for a user.'),
    data: z.record(z.string(), z.unknown()).describe('The full public state of the object after the change.'),
  })
  .meta({ id: 'Event', description: 'A change of an object, with its state afterwards.' })
export type EventBody = z.infer<typeof EventBody>

/** How long a call may wait for the next event, in seconds. */
const LONGEST_WAIT = 25

export const ListEventsInput = z.object({
  after: z
    .string()
    .regex(/^(?:latest|\d{1,15})$/, 'must be the cursor of an earlier answer, or latest')
    .optional()
    .describe('The `cursor` of the previous answer. Without it, the oldest events that are kept; `latest` for none.'),
  limit: z.int().min(1, 'must be between 1 and 500').max(500, 'must be between 1 and 500').default(100),
  types: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(EventType).max(EVENT_TYPES.length, 'has too many types'))
    .optional()
    .describe('Only events of these types, separated by commas.'),
  wait: z
    .int()
    .min(0, `must be between 0 and ${LONGEST_WAIT}`)
    .max(LONGEST_WAIT, `must be between 0 and ${LONGEST_WAIT}`)
    .default(0)
    .describe('How many seconds to wait for an event, if there is none yet.'),
})
export type ListEventsInput = z.infer<typeof ListEventsInput>

export const EventPage = z.object({
  events: z.array(EventBody),
  cursor: z.string().describe('Where to go on.'),
  hasMore: z.boolean().describe('Whether more can be read at once.'),
})
export type EventPage = z.infer<typeof EventPage>
