import type { BillingScope } from '../../billing/index.ts'
import { createBell } from '../../platform/database/bell.ts'
import type { EventsDeps } from '../events-scope.ts'
import { sequenceEvents, type FanOut } from './sequence-events.ts'

interface SequencerOptions {
  databaseUrl: string
  openScope: () => BillingScope
  /** Runs in the transaction that gives events their places. */
  fanOut: FanOut
}

/** The channel on which triggers ring. */
const CHANNEL = 'tollgate_events'

/** Creates what gives events their order. Nothing runs before it is asked. */
export function createSequencer({ databaseUrl, openScope, fanOut }: SequencerOptions): EventsDeps {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function run(): Promise<void> {
    try {
      while (await sequenceEvents(openScope(), fanOut));
    } finally {
      running = undefined
    }
  }

  return {
    bell: createBell(databaseUrl, CHANNEL),
    async sequence() {
      if (!running) return (running = run())
      // What was committed just now may be too late for the run that goes on.
      next ??= running
        .catch(() => {}) // its own callers get the error
        .then(() => {
          next = undefined
          return (running ??= run())
        })
      return next
    },
  }
}
