import { z } from 'zod'
import { isCommonPassword } from '../platform/common-passwords.ts'
import { UserPublicData } from '../platform/own-data.schemas.ts'
import { isStandInAddress, RESERVED_DOMAIN } from '../platform/reserved-domain.ts'

const email = z
  .string()
  .max(320, 'is too long')
  .trim()
  .toLowerCase()
  .transform(withAsciiDomain)
  .pipe(z.email('must be an email address').max(254, 'is too long'))

/** An email address, normalized as accounts store it. */
export const EmailAddress = email

/** Length is counted in code points of the normalized text, so an accented letter or a simple emoji counts once. */
const password = z
  .string()
  .max(1024, 'must be at most 128 characters long')
  .transform((text) => text.normalize('NFC'))
  .refine((text) => [...text].length <= 128, 'must be at most 128 characters long')
const givenPassword = password.refine((text) => text !== '', 'is missing')
const newPassword = password
  .refine((text) => [...text].length >= 8, 'must be at least 8 characters long')
  .refine((text) => !isCommonPassword(text), 'is one of the most common passwords; choose another')
  .describe('8 to 128 characters, and not a common password.')

const username = z
  .string()
  .trim()
  .min(3, 'must be at least 3 characters long')
  .max(32, 'must be at most 32 characters long')
  .regex(/^[A-Za-z0-9_.-]*$/, 'may contain only letters, digits, and the characters _ . -')

const mailedToken = z.string().min(1, 'is missing').max(4096, 'is too long')

/** An address that an account may take: not a stand-in. */
const ownEmail = email.refine((address) => !isStandInAddress(address), `addresses at ${RESERVED_DOMAIN} are reserved`)

export const UserView = z
  .object({
    id: z.uuid(),
    email: z.string(),
    username: z.string(),
    isVerified: z.boolean(),
    isActive: z.boolean(),
    isAdmin: z.boolean(),
    provider: z.enum(['local', 'google', 'github']).describe('How the account was opened.'),
    publicData: UserPublicData,
    createdAt: z.date(),
  })
  .meta({ id: 'User', description: 'An account, as its owner and administrators see it.' })
export type UserView = z.infer<typeof UserView>

export const SessionView = z
  .object({
    accessToken: z.string().describe('A JWT. Send it as `Authorization: Bearer`.'),
    tokenType: z.literal('Bearer'),
    expiresAt: z.date().describe('When the access token expires.'),
    user: UserView,
    refreshToken: z.string().optional().describe('Only with the header `x-tollgate-transport: body`.'),
    refreshExpiresAt: z.date().optional().describe('When the refresh token expires. Only together with it.'),
  })
  .meta({ id: 'Session', description: 'A session that was opened or refreshed.' })
export type SessionView = z.infer<typeof SessionView>

/** The refresh token of a caller that keeps it itself. Others send the cookie. */
export const refreshToken = z.string().min(1, 'is missing').max(4096, 'is too long').optional()

export const RefreshTokenInput = z
  .object({ refreshToken: refreshToken.describe('Only with the header `x-tollgate-transport: body`.') })
  .nullish()

export const RestoreResult = z.object({
  session: SessionView.nullable(),
  because: z
    .enum(['REFRESH_TOKEN_MISSING', 'REFRESH_TOKEN_INVALID', 'LOGGED_IN_ELSEWHERE'])
    .nullable()
    .describe('Why there is no session.'),
})

export const RegisterInput = z.object({
  email: ownEmail,
  username,
  password: newPassword,
  redirectTo: z
    .string()
    .max(2000, 'is too long')
    .optional()
    .describe('A path of your frontend. The page that the mailed link opens gets it as `redirectTo`.'),
  publicData: UserPublicData.optional(),
})
export type RegisterInput = z.infer<typeof RegisterInput>
export const ChangeUsernameInput = z.object({ username })
export type ChangeUsernameInput = z.infer<typeof ChangeUsernameInput>
export const ChangeUsernameResult = z.object({ user: UserView })

export const RegisterResult = z.object({ user: UserView })

export const LogInInput = z.object({ email, password: givenPassword })
export type LogInInput = z.infer<typeof LogInInput>

export const VerifyEmailInput = z.object({ token: mailedToken })
export type VerifyEmailInput = z.infer<typeof VerifyEmailInput>
export const VerifyEmailResult = z.object({ alreadyVerified: z.boolean() })

export const ForgotPasswordInput = z.object({ email })
export type ForgotPasswordInput = z.infer<typeof ForgotPasswordInput>

export const ResetPasswordInput = z.object({ token: mailedToken, password: newPassword })
export type ResetPasswordInput = z.infer<typeof ResetPasswordInput>

export const ChangePasswordInput = z.object({ oldPassword: givenPassword, newPassword })
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>

export const RequestEmailChangeInput = z.object({
  email: ownEmail,
  password: givenPassword
    .optional()
    .describe('Required, except for an account without a password and without an address of its own.'),
})
export type RequestEmailChangeInput = z.infer<typeof RequestEmailChangeInput>

export const ConfirmEmailChangeInput = z.object({ token: mailedToken })
export type ConfirmEmailChangeInput = z.infer<typeof ConfirmEmailChangeInput>
export const ConfirmEmailChangeResult = z.object({ user: UserView })

export const RequestLoginCodeInput = z.object({ email })
export type RequestLoginCodeInput = z.infer<typeof RequestLoginCodeInput>

export const LogInWithCodeInput = z.object({
  email,
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'must be the six digits from the email'),
})
export type LogInWithCodeInput = z.infer<typeof LogInWithCodeInput>

export const RequestEmailVerificationResult = z.object({ sent: z.boolean() })

export const Nothing = z.object({})

/**
 * Turns `ä@bücher.example` into `ä@xn--bcher-kva.example`. A domain that is not a valid host name stays as it is, and
 * the next check refuses it.
 */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  if (at < 1 || /[\s/\\?#:@[\]%]/.test(domain)) return address
  try {
    return `${address.slice(0, at)}@${new URL(`http://${domain}`).hostname}`
  } catch {
    return address
  }
}
