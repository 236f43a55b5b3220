export interface TestClockRow {
  readonly id: string
  readonly created: number
  /** The current time of its customers; while it is advancing, the time of the current job. */
  readonly frozen_time: number
  readonly name: string | null
  readonly status: 'ready' | 'advancing'
  readonly target: number | null
  readonly deletes_after: number
}

/** How far the sandbox's own clock is ahead of the wall clock, in seconds. */
export interface ClockOffsetRow {
  readonly id: 'offset'
  readonly seconds: number
}

/** The response to a POST, kept for repeats of its idempotency key. */
export interface IdempotencyRow {
  readonly id: string
  readonly recorded: number
  readonly fingerprint: string
  readonly status: number
  readonly body: string
  readonly requestId: string
}
