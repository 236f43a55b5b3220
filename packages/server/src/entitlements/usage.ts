import type { Backend } from '../http/backend.ts'
import type { FeatureName, PlanCode } from '../plan-names.ts'
import type { Fields } from '../shape.ts'
import { accountPath } from './account-path.ts'

export interface Consumption {
  readonly feature: FeatureName
  /** 1 by default. */
  readonly amount?: number | undefined
  /** Names what is counted, such as the id of a job: the same key counts once. */
  readonly key: string
  /** Reserves the amount for this many seconds instead of using it. */
  readonly reserve?: number | undefined
}

/** The answer to a consumption. */
export interface Usage {
  /** False: nothing was counted. */
  readonly allowed: boolean
  /** Afterwards, with what is reserved. */
  readonly used: number
  /** Null for any amount. */
  readonly limit: number | null
  /** Null for any amount. */
  readonly remaining: number | null
  /** When `used` begins again at 0; null for never. */
  readonly resetsAt: Date | null
  /** With `reserve`, if it was allowed: pass it to `settle` or `giveBack`. */
  readonly reservation?: string
  /** If it was not allowed: the cheapest plan that would allow it; null if none would. */
  readonly unlockedBy?: { readonly planCode: PlanCode } | null
}

/** All calls may be repeated: the key, or the reservation, makes the backend count once. */
export async function consume(backend: Backend, accountId: string, input: Consumption): Promise<Usage> {
  const { feature, amount, key, reserve } = input
  const body = { feature, amount, key, reserve }
  return usageOf(await backend.call({ method: 'POST', path: accountPath(accountId, 'usage'), body }))
}

export async function settle(backend: Backend, accountId: string, reservation: string, amount: number): Promise<Usage> {
  const path = accountPath(accountId, 'usage', reservation)
  return usageOf(await backend.call({ method: 'PATCH', path, body: { amount } }))
}

export async function giveBack(backend: Backend, accountId: string, reservation: string): Promise<Usage> {
  return usageOf(await backend.call({ method: 'DELETE', path: accountPath(accountId, 'usage', reservation) }))
}

function usageOf(answer: Fields): Usage {
  return {
    allowed: answer.flag('allowed'),
    used: answer.number('used'),
    limit: answer.numberOrNull('limit'),
    remaining: answer.numberOrNull('remaining'),
    resetsAt: answer.dateOrNull('resetsAt'),
    ...(answer.has('reservation') && { reservation: answer.text('reservation') }),
    ...(answer.has('unlockedBy') && { unlockedBy: unlockedByOf(answer) }),
  }
}

function unlockedByOf(answer: Fields): { planCode: string } | null {
  return answer.raw()['unlockedBy'] === null ? null : { planCode: answer.object('unlockedBy').text('planCode') }
}
