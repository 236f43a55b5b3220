import type { Timelines } from '../clock/timelines.ts'
import type { Account } from '../state/account.ts'
import type { Chaos } from '../webhooks/chaos.ts'

/** What the control pages show. */
export interface Shown {
  readonly account: Account
  readonly timelines: Timelines
  readonly chaos: Chaos
}
