import type { Config } from '../../config.ts'
import type { SigningKey } from '../../platform/signing-keys.ts'

/** A secret of this length is never part of a word, so it is masked wherever it appears. */
const LONG = 16

/**
 * Masks secrets in a text, because a library's error message may repeat what it was given.
 *
 * Passwords of databases and mail servers can be ordinary words. Masking such a word inside or between other words
 * would reveal it, so it is masked only in a URL.
 */
export function withoutSecrets(text: string, config: Config): string {
  const masked = text.replaceAll(/(:\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:…@')
  return secretsOf(config).reduce((safe, secret) => mask(safe, secret), masked)
}

function mask(text: string, secret: string): string {
  if (secret.length >= LONG) return text.replaceAll(secret, '…')
  if (/^\p{L}*$/u.test(secret)) return text
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\d])${RegExp.escape(secret)}(?![\\p{L}\\d])`, 'gu'), '…')
}

function secretsOf(config: Config): string[] {
  const passwords = [config.DATABASE_URL, config.SMTP_URL].flatMap((url) => {
    const { password } = new URL(url)
    return [password, decodeURIComponent(password)]
  })
  const all = [
    ...[config.ACCESS_TOKEN_SECRET, config.REFRESH_TOKEN_SECRET, config.VALIDATION_TOKEN_SECRET].flat(),
    ...[
      config.STRIPE_SECRET_KEY,
      ...config.STRIPE_WEBHOOK_SECRET,
      ...[config.PAYMOB_SECRET_KEY, config.PAYMOB_API_KEY, config.PAYMOB_HMAC_SECRET],
      config.GOOGLE_CLIENT_SECRET,
      config.GITHUB_CLIENT_SECRET,
    ],
    ...(config.ACCESS_TOKEN_PRIVATE_KEY?.keys ?? []).flatMap(textsOf),
    ...[config.METRICS_TOKEN, config.SEED_ADMIN_PASSWORD, config.SEED_USER_PASSWORD, ...passwords],
  ]
  return all.flatMap((secret) => secret || [])
}

/** The secret part of a key in a JWK, and in a PEM, whose lines have 64 characters. */
function textsOf({ privateKey }: SigningKey): string[] {
  const pem = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  const { d = '' } = privateKey.export({ format: 'jwk' })
  return [d, pem, ...(pem.match(/.{16,64}/g) ?? [])]
}
