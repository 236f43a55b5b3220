import { t } from '../texts/catalogue.ts'

const { because } = t.auth.logIn

const REASONS: readonly [start: string, text: string][] = [
  ['/subscription', because.subscription],
  ['/subscribe', because.plan],
  ['/plans', because.plan],
  ['/profile', because.account],
  ['/password', because.account],
  ['/sessions', because.account],
  ['/members', because.members],
  ['/organization', because.organization],
  ['/checkout', because.checkout],
  ['/confirm-email', because.confirmEmail],
  ['/accept-invitation', because.invitation],
  ['/verify-email', because.verify],
  ['/admin', because.other],
]

/** Says why a page asks the visitor to log in; null if no page has sent them. */
export function logInReason(path: string | null): string | null {
  if (path === null || path === '/') return null
  return REASONS.find(([start]) => path.startsWith(start))?.[1] ?? because.other
}
