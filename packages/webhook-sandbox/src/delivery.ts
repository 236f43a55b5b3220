/** What a signature says: it fits one of the secrets, it does not, or no secret is known. */
export type Signature = 'valid' | 'wrong' | 'unchecked'

/** One request of Tollgate's. */
export interface Delivery {
  readonly number: number
  readonly receivedAt: string
  /** `webhook-id`: the same for every attempt at an event. */
  readonly id: string
  /** How often this id has arrived, this one included. */
  readonly copy: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly event: EventFacts | null
  readonly signature: Signature
  /** Why the signature is wrong. */
  readonly signatureProblem: string | null
  /** Whether a higher version of the object arrived before. */
  readonly isLate: boolean
  /** What Tollgate was answered. */
  readonly answer: string
  readonly isTest: boolean
  /** What became of it on the way to your own app. */
  readonly forwards: Forward[]
  isDropped: boolean
}

/** One attempt to pass it on. */
export interface Forward {
  readonly at: string
  /** Null without an answer. */
  readonly status: number | null
  readonly error: string | null
}

/** What the body says, as far as it can be read. */
export interface EventFacts {
  readonly type: string
  readonly version: number | null
  readonly objectId: string
}

/** @returns null if the body is not an event. */
export function factsOf(body: string): EventFacts | null {
  try {
    const event: unknown = JSON.parse(body)
    if (typeof event !== 'object' || event === null || !('type' in event)) return null
    const data = 'data' in event && typeof event.data === 'object' && event.data !== null ? event.data : {}
    const account = 'accountId' in event ? event.accountId : null
    const version = 'version' in event && typeof event.version === 'number' ? event.version : null
    const user = 'userId' in data ? `:${String(data.userId)}` : ''
    return { type: String(event.type), version, objectId: 'id' in data ? String(data.id) : `${String(account)}${user}` }
  } catch {
    return null
  }
}
