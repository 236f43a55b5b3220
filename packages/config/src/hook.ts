import type { SqlConnection } from './database.ts'
import type { AccountOfCall, CallingUser } from './kit.ts'

/** What a hook may touch. */
export interface HookContext extends SqlConnection {
  /** Aborted when the hook's time is over. Pass it on to `fetch`. */
  readonly signal: AbortSignal
  readonly now: Date
  log(level: 'info' | 'warn' | 'error', fields: object, message: string): void
}

/** A refusal, with a sentence for the user: what happened, then what to do. It is cut after 300 characters. */
export interface Denial {
  deny: string
}

/** Your own code, which is asked before something happens. It decides, and should change nothing. */
export interface HookDefinition<About> {
  /** How long it may take, in milliseconds; by default 3000, at most 10000. */
  readonly timeoutMs?: number
  /** What happens if it throws or takes too long; by default `deny`. */
  readonly onFailure?: 'deny' | 'allow'
  /** @returns a denial; undefined lets it happen. */
  run(context: HookContext, about: About): Promise<Denial | undefined> | Denial | undefined
}

/** A person who is about to become a user, or a user who wants another address. */
export interface SignUp<PublicData = object> {
  /** With a password, and in a change, the address is not proven yet. Null for a GitHub account without an address. */
  readonly email: string | null
  /** Null with Google or GitHub: the server makes one of what the provider says. */
  readonly username: string | null
  /** `email-change`: a user asks for this address in the place of theirs. */
  readonly method: 'password' | 'google' | 'github' | 'email-change'
  /** Whether an organization has invited this address. */
  readonly isInvited: boolean
  /** The fields that `auth.register` was called with, or those of the user. With Google or GitHub, there are none. */
  readonly publicData: PublicData
  readonly ip: string
  readonly userAgent: string
}

/** A plan that a customer is about to buy. */
export interface Checkout<PublicData = object> {
  readonly action: 'subscribe' | 'upgrade' | 'change' | 'switch'
  /** As the caller names it. There may be no such plan. */
  readonly planCode: string
  readonly billingPeriod: string | undefined
  readonly currency: string | undefined
  readonly promotionCode: string | undefined
  readonly account: AccountOfCall
  readonly user: CallingUser<PublicData>
  readonly ip: string
  readonly userAgent: string
}

/** Your own rules for what happens in the server. */
export interface Hooks<PublicData = object> {
  /**
   * Asked before any new user is created: with a password, Google or GitHub, in a browser or an app. Also before a user
   * gets another address.
   */
  readonly beforeSignUp?: HookDefinition<SignUp<PublicData>>
  /** Asked before a customer subscribes, upgrades, changes the plan, or switches the payment provider. */
  readonly beforeCheckout?: HookDefinition<Checkout<PublicData>>
}
