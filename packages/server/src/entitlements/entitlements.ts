import { TollgateRefusal, TollgateUnavailable } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import type { FeatureName, PlanCode, TierName } from '../plan-names.ts'
import { Remembered } from '../remembered.ts'
import type { Fields } from '../shape.ts'
import { accountPath } from './account-path.ts'

/** What an account may do with one feature. */
export interface FeatureState {
  /** Whether at least one more may be used. */
  readonly allowed: boolean
  /** Null for any amount. */
  readonly limit: number | null
  readonly used: number
  /** Null for any amount. */
  readonly remaining: number | null
  /** When `used` begins again at 0; null for never. */
  readonly resetsAt: Date | null
}

/** What an account may use now. */
export interface Entitlements {
  readonly tier: TierName
  readonly planCode: PlanCode | null
  readonly until: Date | null
  readonly features: Readonly<Record<FeatureName, FeatureState>>
}

export interface EntitlementsReader {
  read(accountId: string): Promise<Entitlements>
  feature(accountId: string, name: FeatureName): Promise<FeatureState>
  /** Forgets what is known about an account, because it has changed. */
  forget(accountId: string): void
}

const MAXIMUM = 10_000
/** How long an old answer is used while the backend can't be reached, in milliseconds. */
const LONGEST_USE = 300_000

export function createEntitlementsReader(settings: Settings, backend: Backend): EntitlementsReader {
  const { now, background, entitlementsFor, onError } = settings
  const known = new Remembered<{ readonly entitlements: Entitlements; readonly readAt: number }>(MAXIMUM)
  const running = new Map<string, Promise<Entitlements>>()
  /** How often something was forgotten, and which of these times was an account's last one. */
  let changes = 0
  const lastChange = new Remembered<number>(MAXIMUM)

  async function ask(accountId: string): Promise<Entitlements> {
    const [readAt, changesBefore] = [now(), changes]
    const answer = await backend.call({ method: 'GET', path: accountPath(accountId, 'entitlements') })
    const entitlements = entitlementsOf(answer)
    // An answer that was asked for before the account changed may be outdated.
    if ((lastChange.get(accountId) ?? 0) <= changesBefore) known.set(accountId, { entitlements, readAt })
    return entitlements
  }

  /** One call serves all who wait, unless one request must not wait for the work of another. */
  function askOnce(accountId: string): Promise<Entitlements> {
    if (!background) return ask(accountId)
    const call =
      running.get(accountId) ??
      ask(accountId).finally(() => {
        if (running.get(accountId) === call) running.delete(accountId)
      })
    running.set(accountId, call)
    return call
  }

  async function read(accountId: string): Promise<Entitlements> {
    const earlier = known.get(accountId)
    if (earlier && now() - earlier.readAt < entitlementsFor) return earlier.entitlements
    try {
      return await askOnce(accountId)
    } catch (error) {
      if (!(error instanceof TollgateUnavailable) || !earlier || now() - earlier.readAt >= LONGEST_USE) throw error
      onError(error)
      return earlier.entitlements
    }
  }

  return {
    read: (accountId) => read(accountId.toLowerCase()),
    async feature(accountId, name) {
      const { features } = await read(accountId.toLowerCase())
      const state = Object.hasOwn(features, name) ? features[name] : undefined
      if (state) return state
      const message = `No plan has a feature named ${JSON.stringify(name)}. Check the spelling.`
      throw new TollgateRefusal(message, { status: 404, reason: 'FEATURE_NOT_FOUND' })
    },
    forget(accountId) {
      const id = accountId.toLowerCase()
      lastChange.set(id, ++changes)
      known.delete(id)
      running.delete(id)
    },
  }
}

function entitlementsOf(answer: Fields): Entitlements {
  const features = answer.object('features').entries()
  return {
    tier: answer.text('tier'),
    planCode: answer.textOrNull('planCode'),
    until: answer.dateOrNull('until'),
    features: Object.fromEntries(features.map(([name, state]) => [name, stateOf(state)])),
  }
}

function stateOf(state: Fields): FeatureState {
  return {
    allowed: state.flag('allowed'),
    limit: state.numberOrNull('limit'),
    used: state.number('used'),
    remaining: state.numberOrNull('remaining'),
    resetsAt: state.dateOrNull('resetsAt'),
  }
}
