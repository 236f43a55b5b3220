import { createEntitlementsReader, type Entitlements, type FeatureState } from './entitlements/entitlements.ts'
import { consume, giveBack, settle, type Consumption, type Usage } from './entitlements/usage.ts'
import { readFeed, type FeedOptions, type FeedPage } from './events/feed.ts'
import { createEventReceiver, type EventReceiver } from './events/receive-events.ts'
import { createBackend } from './http/backend.ts'
import { readOptions, type TollgateServerOptions } from './options.ts'
import type { FeatureName } from './plan-names.ts'
import { introspect, type Introspection } from './tokens/introspect.ts'
import { readToken, type TokenSource } from './tokens/read-token.ts'
import { refused, type Verification } from './tokens/session.ts'
import { createTokenVerifier } from './tokens/verify-token.ts'

/** A Tollgate backend, as another program uses it. Create one for the whole program. */
export interface TollgateServer {
  /**
   * Tells who sends a request. Needs no call for each request: the token is verified with the backend's public keys.
   * With a service key, an ended session is refused within 3 seconds.
   *
   * @param from a request of the Fetch API, or the value of its `Authorization` header, or the token.
   * @throws {TollgateMisuse} if the backend has no public keys and there is no service key.
   */
  verify(from: TokenSource): Promise<Verification>
  /**
   * Asks the backend itself who sends a request, and for the user as they are now. Use it before something that an
   * administrator who lost that right a minute ago must not do. Needs the scope `introspect`.
   *
   * @throws {TollgateRefusal} if the service key may not ask.
   * @throws {TollgateUnavailable} if the backend can't be asked.
   */
  introspect(from: TokenSource): Promise<Introspection>
  /**
   * What an account may use. The answer may be some seconds old, and minutes if the backend can't be reached. Needs the
   * scope `entitlements:read`.
   *
   * @throws {TollgateRefusal} with the reason `ACCOUNT_NOT_FOUND`.
   * @throws {TollgateUnavailable} if nothing is known about the account and the backend can't be asked.
   */
  entitlements(accountId: string): Promise<Entitlements>
  /**
   * Whether an account may use a feature, by the same answer as `entitlements`. It counts nothing: to enforce a limit,
   * use `consume`.
   *
   * @throws {TollgateRefusal} with the reason `ACCOUNT_NOT_FOUND`, or `FEATURE_NOT_FOUND` for a misspelled name.
   * @throws {TollgateUnavailable} if nothing is known about the account and the backend can't be asked.
   */
  feature(accountId: string, name: FeatureName): Promise<FeatureState>
  /**
   * Counts what an account uses, or reserves it. It is counted once for each key, however often it is called. Needs the
   * scope `usage:write`.
   *
   * @throws {TollgateRefusal} if the backend refuses the call. That a limit is reached is an answer, not an error.
   * @throws {TollgateUnavailable} if it is not known whether it was counted: call again with the same key.
   */
  consume(accountId: string, consumption: Consumption): Promise<Usage>
  /**
   * Says how much of a reservation was used.
   *
   * @throws {TollgateRefusal} if the backend refuses the call.
   * @throws {TollgateUnavailable} if it is not known whether it was settled: call again.
   */
  settle(accountId: string, reservation: string, amount: number): Promise<Usage>
  /**
   * Gives a reservation back.
   *
   * @throws {TollgateRefusal} if the backend refuses the call.
   * @throws {TollgateUnavailable} if it is not known whether it was given back: call again.
   */
  giveBack(accountId: string, reservation: string): Promise<Usage>
  /**
   * Answers a delivery of the backend to a webhook endpoint. The handler gets only genuine events, and of each object
   * only newer ones than before, in whatever order and however often they arrive. The answer is 204 once the handler
   * has succeeded. If it fails, the answer is 500, and the backend sends the event again.
   *
   * @throws {TollgateMisuse} if the secret is malformed, or if the body of the request was read before.
   */
  readonly receiveEvents: EventReceiver
  /**
   * All events in the order in which they happened, page by page. Handle the events of a page, store its cursor, and go
   * on. While the backend can't be reached, the feed waits and tries again. Needs the scope `events:read`.
   *
   * @throws {TollgateRefusal} if the backend refuses the call, such as for an unknown cursor.
   */
  feed(options?: FeedOptions): AsyncGenerator<FeedPage, void, undefined>
  /** Ends the open call for ended sessions, so that the program can end at once. */
  close(): void
}

/**
 * Connects a program to a Tollgate backend. Makes no call by itself.
 *
 * @throws {TollgateMisuse} for an invalid option.
 */
export function createTollgateServer(options: TollgateServerOptions): TollgateServer {
  const settings = readOptions(options)
  const backend = createBackend(settings)
  const verifier = createTokenVerifier(settings, backend)
  const entitlements = createEntitlementsReader(settings, backend)

  /** What is known about the account is old once something was counted. */
  async function counted(accountId: string, usage: Promise<Usage>): Promise<Usage> {
    try {
      return await usage
    } finally {
      entitlements.forget(accountId)
    }
  }

  return {
    verify: (from) => verifier.verify(readToken(from)),
    async introspect(from) {
      const token = readToken(from)
      return token === undefined
        ? refused('TOKEN_MISSING', 'The request has no bearer token.')
        : introspect(backend, token)
    },
    entitlements: entitlements.read,
    feature: entitlements.feature,
    consume: (accountId, input) => counted(accountId, consume(backend, accountId, input)),
    settle: (accountId, reservation, amount) => counted(accountId, settle(backend, accountId, reservation, amount)),
    giveBack: (accountId, reservation) => counted(accountId, giveBack(backend, accountId, reservation)),
    receiveEvents: createEventReceiver(settings, ({ accountId }) => {
      if (accountId !== null) entitlements.forget(accountId)
    }),
    feed: (options) => readFeed(settings, backend, options),
    close: verifier.close,
  }
}
