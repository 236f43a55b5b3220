/** The page that sells one plan. It survives sign-up and verification, because it is an address. */
export const subscribePath = (planCode: string, promotionCode?: string): string =>
  `/subscribe/${encodeURIComponent(planCode)}${promotionCode ? `?code=${encodeURIComponent(promotionCode)}` : ''}`

/** The plan whose page a path leads to; null for another page. */
export function planCodeIn(path: string | null): string | null {
  return /^\/subscribe\/([a-z0-9_-]{2,64})(?:[?#]|$)/.exec(path ?? '')?.[1] ?? null
}
