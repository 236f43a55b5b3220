export interface TestClockRow {
  readonly id: string
  readonly created: number
  /** What its customers' objects take as now; while advancing, the moment of the job at hand. */
  readonly frozen_time: number
  readonly name: string | null
  readonly status: 'ready' | 'advancing'
  readonly target: number | null
  readonly deletes_after: number
}

/** The sandbox's own clock: how far it is ahead of the wall. */
export interface ClockOffsetRow {
  readonly id: 'offset'
  readonly seconds: number
}

/** A POST's answer, for whoever sends its key again. */
export interface IdempotencyRow {
  readonly id: string
  readonly recorded: number
  readonly fingerprint: string
  readonly status: number
  readonly body: string
  readonly requestId: string
}
