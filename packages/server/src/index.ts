export { createTollgateServer, type TollgateServer } from './create-server.ts'
export type { Entitlements, FeatureState } from './entitlements/entitlements.ts'
export type { Consumption, Usage } from './entitlements/usage.ts'
export { TollgateError, TollgateMisuse, TollgateRefusal, TollgateUnavailable } from './errors.ts'
export type {
  AccountState,
  EntitlementsState,
  EventType,
  MemberState,
  PaymentState,
  SubscriptionState,
  TollgateEvent,
  UserState,
} from './events/event.ts'
export type { FeedOptions, FeedPage } from './events/feed.ts'
export type { FeatureName, PlanCode, Register, TierName } from './plan-names.ts'
export { objectOf } from './events/parse-event.ts'
export type { EventHandler, EventReceiver, ReceiveOptions, ReceiveOptionsWith } from './events/receive-events.ts'
export { memoryVersionStore, sqlVersionStore, type SqlClient, type VersionStore } from './events/version-store.ts'
export type { TollgateServerOptions } from './options.ts'
export type { Introspection, TollgateUser } from './tokens/introspect.ts'
export type { TokenSource } from './tokens/read-token.ts'
export type { RefusalReason, RefusedToken, TollgateSession, Verification } from './tokens/session.ts'
