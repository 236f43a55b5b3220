import { defineEntity, p } from '@mikro-orm/core'
import { Session } from './session.entity.ts'

/**
 * A login with Google or GitHub in progress. The callback deletes the row, so a state works once. The row holds only
 * hashes of the secrets in the URL and in the browser's cookie, so reading it doesn't help an attacker.
 */
const OAuthStateSchema = defineEntity({
  name: 'OAuthState',
  tableName: 'oauth_states',
  properties: {
    /** The hash of the `state`; until the browser is sent to the provider, of the handle in its URL. */
    hash: p.string().length(64).primary(),
    provider: p.enum(['google', 'github'] as const),
    /** The hash of the cookie's secret; null until the browser is sent to the provider. */
    browserHash: p.string().length(64).nullable(),
    /** The path below WEB_URL where the flow ends; `/` for a login of an app. */
    redirectTo: p.text(),
    /** Where the flow of an app ends; null for one of a browser. Older servers ignore it, and log the browser in. */
    appRedirect: p.text().nullable(),
    /** The hash of the app's verifier; set together with `appRedirect`. */
    verifierHash: p.string().length(64).nullable(),
    /** The session that asked to link an account; null for a login. */
    session: () => p.manyToOne(Session).ref().nullable().deleteRule('cascade').index('oauth_states_session'),
    expiresAt: p.datetime(6).index('oauth_states_expires_at'),
  },
})

export class OAuthState extends OAuthStateSchema.class {}
OAuthStateSchema.setClass(OAuthState)
