import { send } from '../openapi.ts'
import { aGrant } from '../purchases.ts'
import type { TestApp } from '../test-app.ts'
import type { Who } from './requests.ts'

export interface Login {
  readonly email: string
  readonly token: string
  readonly cookie: string
}

export interface Logins {
  /** @returns undefined for `nobody`. */
  of(who: Who): Promise<Login | undefined>
  /** Replaces a user whom a request has logged out, disabled, or changed. */
  renew(who: Who): void
}

/**
 * Keeps a user (with and without a plan, by turns) and an administrator logged in, although requests log out, disable,
 * and close accounts.
 */
export function keepLogins(app: TestApp): Logins {
  let people = 0
  const kept = new Map<Who, Promise<Login>>()
  return {
    async of(who) {
      if (who === 'nobody') return undefined
      const login = kept.get(who) ?? logIn(app, { isAdmin: who === 'admin', withPlan: people++ % 2 > 0 })
      kept.set(who, login)
      return login
    },
    renew: (who) => void kept.delete(who),
  }
}

async function logIn(app: TestApp, { isAdmin, withPlan }: { isAdmin: boolean; withPlan: boolean }): Promise<Login> {
  const user = await app.aUser({ isAdmin })
  if (!isAdmin && withPlan) await aGrant(app, user, 'pro')
  const { email, password } = user
  const response = await send(app, 'POST', '/login', {}, { email, password })
  const { accessToken: token } = (await response.json()) as { accessToken: string }
  return { email, token, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
