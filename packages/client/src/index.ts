export type { AppLogin, LinkedIdentity, OAuthProvider } from './app-login.ts'
export type { OAuthOptions, TollgateClient } from './connect.ts'
export { createTollgateClient, type TollgateClientOptions } from './create-client.ts'
export {
  createTollgateServerClient,
  type TollgateServerClient,
  type TollgateServerClientOptions,
} from './create-server-client.ts'
export type { CurrencyCode } from './currencies.ts'
export type { SessionEndReason } from './end-reason.ts'
export { isTollgateError, type TollgateError } from './errors.ts'
export type { AppRouter, KnownReason, Reason } from './generated/api.ts'
export type { AccountPrivateData, AccountPublicData, UserPrivateData, UserPublicData } from './own-data.ts'
export { formatMoney, minorUnitDigits } from './money.ts'
export type {
  FeatureName,
  FeatureNameOf,
  PlanCode,
  PlanCodeOf,
  PlanCurrency,
  PlanCurrencyOf,
  TierName,
  TierNameOf,
} from './plan-names.ts'
export {
  definePlans,
  type FeatureValue,
  type PlanDefinition,
  type PlanPrice,
  type PlansFile,
  type Register,
} from './plans.ts'
export type { RouterInputs, RouterOutputs } from './outputs.ts'
export type { Cookie, CookieHeaders, CookieStore, ServerCookies, SetCookieOptions } from './server-cookies.ts'
export type { ClientSession, SessionState } from './session.ts'
export { errorText, reasonText } from './texts.ts'
export type { TokenStorage } from './token-keeper.ts'
export type { Visitor } from './visitor.ts'
