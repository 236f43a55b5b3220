import { generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose'
import type { Grant } from '../grants.ts'
import type { IdTokenLie } from '../options.ts'
import { pictureOf } from '../pictures.ts'

export interface Signer {
  readonly privateKey: CryptoKey
  /** As it appears in the JWKS. */
  readonly publicKey: JWK
}

const LIFETIME_SECONDS = 3600

/** Signs an ID token for the client as Google does: RS256, with the client's nonce. `lie` makes it invalid. */
export async function signIdToken(
  { issuer, signer, clientSecret }: { issuer: string; signer: Signer; clientSecret: string },
  grant: Grant,
  lie: IdTokenLie | undefined,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims: JWTPayload = { ...truthOf(issuer, grant, now), ...lieOf(lie, now) }
  const header = { alg: 'RS256', kid: signer.publicKey.kid ?? '', typ: 'JWT' }
  switch (lie) {
    case 'alg-none':
      return new UnsecuredJWT(claims).encode()
    case 'alg-hs256':
      return new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(clientSecret))
    case 'key':
      return new SignJWT(claims).setProtectedHeader(header).sign((await generateKeyPair('RS256')).privateKey)
    default:
      return new SignJWT(claims).setProtectedHeader(header).sign(signer.privateKey)
  }
}

/** Google's claims about an account, in ID tokens and in userinfo answers. */
export function claimsAbout({ account, scopes }: Grant): JWTPayload {
  const [givenName, ...familyNames] = account.name.split(' ')
  return {
    sub: account.id,
    ...(scopes.includes('email') && account.email !== null
      ? { email: account.email, email_verified: account.emailVerified }
      : {}),
    ...(scopes.includes('profile')
      ? {
          name: account.name,
          given_name: givenName,
          ...(familyNames.length > 0 ? { family_name: familyNames.join(' ') } : {}),
          picture: pictureOf(account),
        }
      : {}),
  }
}

function truthOf(issuer: string, grant: Grant, now: number): JWTPayload {
  return {
    iss: issuer,
    azp: grant.clientId,
    aud: grant.clientId,
    ...claimsAbout(grant),
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
    iat: now,
    exp: now + LIFETIME_SECONDS,
  }
}

function lieOf(lie: IdTokenLie | undefined, now: number): JWTPayload {
  switch (lie) {
    case 'issuer':
      return { iss: 'https://accounts.evil.example' }
    case 'audience':
      return { aud: 'another-client', azp: 'another-client' }
    case 'nonce':
      return { nonce: 'of-another-login' }
    case 'no-nonce':
      return { nonce: undefined }
    case 'expired':
      return { iat: now - 2 * LIFETIME_SECONDS, exp: now - LIFETIME_SECONDS }
    case 'subject-missing':
      return { sub: undefined }
    default:
      return {}
  }
}
