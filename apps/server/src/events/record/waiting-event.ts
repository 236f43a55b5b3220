import type { EventType } from '../events.schemas.ts'

/** An event that waits for its place in the feed, as its trigger has written it. */
export interface WaitingEvent {
  readonly seq: string
  readonly type: EventType
  readonly object_kind: 'user' | 'account' | 'member' | 'subscription' | 'payment' | 'entitlements' | 'plan'
  readonly object_id: string
  readonly data: Readonly<Record<string, unknown>>
}

/** An event's public state. */
export interface PresentedEvent {
  readonly event: WaitingEvent
  readonly data: object
  /**
   * Set if the state was read just now, and not by the trigger. Then several events would say the same, and only the
   * first one is told.
   */
  readonly digest?: string
  /** In billing time: when the state may change although no row does. */
  readonly dueAt?: Date | null
}
