import { defineEntity, p } from '@mikro-orm/core'
import { Session } from './session.entity.ts'

/**
 * A log-in with Google or GitHub that is under way; the row goes when the browser comes back, so a state works once.
 * Nothing in it helps whoever reads it: only hashes of what the address bar and the browser's cookie hold.
 */
const OAuthStateSchema = defineEntity({
  name: 'OAuthState',
  tableName: 'oauth_states',
  properties: {
    /** Hash of the `state`; before the browser was sent on, of the handle that `identities.link` gave out. */
    hash: p.string().length(64).primary(),
    provider: p.enum(['google', 'github'] as const),
    /** Hash of the cookie's secret; null until the browser has been sent on. */
    browserHash: p.string().length(64).nullable(),
    /** Below WEB_URL, where the person wants to be in the end. */
    redirectTo: p.text(),
    /** The session that asked for its account to be linked; null for a log-in. */
    session: () => p.manyToOne(Session).ref().nullable().deleteRule('cascade').index('oauth_states_session'),
    expiresAt: p.datetime(6).index('oauth_states_expires_at'),
  },
})

export class OAuthState extends OAuthStateSchema.class {}
OAuthStateSchema.setClass(OAuthState)
