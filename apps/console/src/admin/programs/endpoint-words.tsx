import type { RouterOutputs } from '@tollgate/client'
import { Badge } from '../../parts/badge.tsx'
import type { Tone } from '../../words/tone.ts'
import { t } from '../texts/catalogue.ts'

export type Endpoint = RouterOutputs['admin']['webhooks']['endpoints']['list'][number]
export type Delivery = RouterOutputs['admin']['webhooks']['deliveries']['list']['items'][number]
export type EventType = Delivery['type']

const words = t.programs.endpoints

/** All types, in the order of the contract. */
export const EVENT_TYPES: readonly EventType[] = [
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
]

export function EndpointState({ endpoint: { state, failingSince } }: { endpoint: Endpoint }) {
  if (state === 'off') return <Badge tone="calm" label={words.states.off} />
  return failingSince ? (
    <Badge tone="warning" label={words.states.failing} />
  ) : (
    <Badge tone="good" label={words.states.active} />
  )
}

const TONES: Record<Delivery['state'], Tone> = { waiting: 'warning', delivered: 'good', parked: 'bad' }

export const DeliveryState = ({ state }: Pick<Delivery, 'state'>) => (
  <Badge tone={TONES[state]} label={words.deliveries.states[state]} />
)

/** The status of the last answer, or why there was none. */
export function lastAnswerOf({ lastStatus, lastError }: Delivery): string {
  return lastStatus?.toString() ?? lastError ?? words.deliveries.noAnswer
}
