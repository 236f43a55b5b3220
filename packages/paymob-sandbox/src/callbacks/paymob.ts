import type { Clock } from '../clock/clock.ts'
import { dateOf } from '../dates.ts'
import type { Settings } from '../settings.ts'
import type { PaymobAccount } from '../state/account.ts'
import type { State } from '../state/state.ts'
import type { Chaos } from './chaos.ts'
import type { Deliverer } from './deliverer.ts'

/** Everything that the sandbox's parts work on. */
export interface Paymob {
  readonly account: PaymobAccount
  readonly state: State
  readonly clock: Clock
  readonly chaos: Chaos
  readonly deliverer: Deliverer
  settings: Settings
  /** Without a trailing slash. */
  publicUrl: string
}

/** Today's date in the account's time zone. */
export function today({ account, clock }: Paymob): string {
  return dateOf(account.region, clock.now())
}

/** The times of a new row. */
export function fresh({ clock }: Paymob): { createdAt: number; updatedAt: number } {
  return { createdAt: clock.now(), updatedAt: clock.now() }
}
