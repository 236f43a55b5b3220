import { z } from 'zod'
import { refreshToken } from './auth.schemas.ts'

const provider = z.enum(['google', 'github'])

export const IdentityList = z.array(z.object({ provider, email: z.string().nullable(), linkedAt: z.date() }))
export type IdentityList = z.infer<typeof IdentityList>

export const UnlinkIdentityInput = z.object({ provider })
export type UnlinkIdentityInput = z.infer<typeof UnlinkIdentityInput>

export const LinkIdentityInput = z.object({ provider, redirectTo: z.string().max(2000).optional() })
export type LinkIdentityInput = z.infer<typeof LinkIdentityInput>

export const LinkedIdentity = z.object({ provider, email: z.string().nullable() })
export type LinkedIdentity = z.infer<typeof LinkedIdentity>

export const LinkIdentityResult = z.object({ url: z.string() })

export const OAuthUrlInput = z.object({
  provider,
  redirectTo: z
    .string()
    .max(2000, 'is too long')
    .describe('Where the browser leads back to your app: one of `APP_REDIRECT_URIS`.'),
})
export type OAuthUrlInput = z.infer<typeof OAuthUrlInput>

export const LinkUrlInput = OAuthUrlInput.extend({
  refreshToken: refreshToken.describe(
    'The refresh token of the session that asks. Without it, the call is refused. The typed client sends it.',
  ),
})
export type LinkUrlInput = z.infer<typeof LinkUrlInput>

export const OAuthUrlResult = z.object({
  url: z.string().describe('Open it in a browser, within ten minutes. It works once.'),
  codeVerifier: z.string().describe('Keep it in the app. The code that comes back works only with it.'),
  expiresAt: z.date().describe('When the login must have come back.'),
})
export type OAuthUrlResult = z.infer<typeof OAuthUrlResult>

const secret = z.string().min(1, 'is missing').max(256, 'is too long')
export const ExchangeOAuthCodeInput = z.object({
  code: secret.describe('`code` of the address that your app was opened with. It works once, for a minute.'),
  codeVerifier: secret.describe('The `codeVerifier` that came with the URL.'),
})
export type ExchangeOAuthCodeInput = z.infer<typeof ExchangeOAuthCodeInput>
