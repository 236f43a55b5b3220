import type { Backend } from '../http/backend.ts'
import type { Fields } from '../shape.ts'
import { refused, type RefusedToken, type TollgateSession } from './session.ts'

/** A user, as the backend knows them now. */
export interface TollgateUser {
  readonly id: string
  readonly email: string
  readonly username: string
  readonly isVerified: boolean
  readonly isActive: boolean
  readonly isAdmin: boolean
  readonly provider: string
  /** The fields that your own configuration adds to users. */
  readonly publicData: Readonly<Record<string, unknown>>
  readonly createdAt: Date
}

export type Introspection =
  | { readonly ok: true; readonly session: TollgateSession; readonly user: TollgateUser }
  | RefusedToken

const LONGEST_TOKEN = 8192

/**
 * Asks the backend about a token.
 *
 * @throws {TollgateRefusal} if the service key may not ask.
 * @throws {TollgateUnavailable} if the backend can't be asked.
 */
export async function introspect(backend: Backend, token: string): Promise<Introspection> {
  if (token.length > LONGEST_TOKEN) return refused('INVALID_TOKEN', 'The token is too long.')
  const answer = await backend.call({ method: 'POST', path: '/v1/introspect', body: { token } })
  if (!answer.flag('active')) return refused('INVALID_TOKEN', 'The backend says that the token is not valid.')
  const user = userOf(answer.object('user'))
  const { id: userId, isVerified, isAdmin } = user
  const session = { sessionId: answer.text('sessionId'), expiresAt: answer.date('expiresAt') }
  return { ok: true, session: { userId, isVerified, isAdmin, ...session }, user }
}

function userOf(user: Fields): TollgateUser {
  return {
    id: user.text('id'),
    email: user.text('email'),
    username: user.text('username'),
    isVerified: user.flag('isVerified'),
    isActive: user.flag('isActive'),
    isAdmin: user.flag('isAdmin'),
    provider: user.text('provider'),
    publicData: user.has('publicData') ? user.object('publicData').raw() : {},
    createdAt: user.date('createdAt'),
  }
}
