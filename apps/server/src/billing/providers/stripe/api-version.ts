/** The API version that this code is written for. Otherwise the account's default version would apply. */
export const STRIPE_API_VERSION = '2026-10-28.endive'
