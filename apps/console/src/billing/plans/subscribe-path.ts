import { termsQuery, type Terms } from '../../words/plan-price.ts'

/**
 * The page that sells one plan. It survives sign-up and verification, because it is an address.
 *
 * @param terms the price; undefined for the one that suits the account.
 */
export function subscribePath(planCode: string, terms?: Terms, promotionCode?: string): string {
  const query = [terms && termsQuery(terms), promotionCode && `code=${encodeURIComponent(promotionCode)}`].filter(
    Boolean,
  )
  return `/subscribe/${encodeURIComponent(planCode)}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

/** The page that shows what a change to a plan at a price costs. */
export const changePath = (plan: Terms & { code: string }): string =>
  `/plans/${encodeURIComponent(plan.code)}/change?${termsQuery(plan)}`

/** The plan whose page a path leads to; null for another page. */
export function planCodeIn(path: string | null): string | null {
  return /^\/subscribe\/([a-z0-9_-]{2,64})(?:[?#]|$)/.exec(path ?? '')?.[1] ?? null
}
