import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { writeFileWhole } from './write-file.ts'

export interface Account {
  email: string
  password: string
}

/** The keys of the account at the Paymob sandbox. */
export interface PaymobKeys {
  secretKey: string
  publicKey: string
  apiKey: string
  hmacSecret: string
}

/** What the first start on a machine generates, and later starts reuse. */
export interface Secrets {
  accessTokenSecret: string
  /** PKCS 8 in base64. Access tokens are signed with it, so the secret only verifies those from before there was a key. */
  accessTokenKey: string
  refreshTokenSecret: string
  validationTokenSecret: string
  stripeKey: string
  webhookSecret: string
  /** Signs what Tollgate sends to the local receiver of webhooks. */
  receiverSecret: string
  paymob: PaymobKeys
  googleClientSecret: string
  githubClientSecret: string
  admin: Account
  user: Account
}

/**
 * Reads `secrets.json`, and adds the secrets that are missing.
 *
 * @throws {CannotStart} when the file is not valid JSON.
 */
export function keepSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json')
  const kept = existsSync(path) ? parse(path) : {}
  const secrets = { ...generate(), ...kept }
  if (Object.keys(kept).length < Object.keys(secrets).length)
    writeFileWhole(path, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}

function parse(path: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Secrets>
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new CannotStart(`${path} is damaged. Fix it, or delete it to get new secrets, which ends every session.`, {
      cause,
    })
  }
}

function generate(): Secrets {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const hex = (bytes: number) => randomBytes(bytes).toString('hex') // Stripe's keys have only letters and digits
  return {
    accessTokenSecret: random(32),
    accessTokenKey: newKey(),
    refreshTokenSecret: random(32),
    validationTokenSecret: random(32),
    stripeKey: `sk_test_${hex(16)}`,
    webhookSecret: `whsec_${hex(24)}`,
    receiverSecret: `whsec_${randomBytes(32).toString('base64')}`,
    paymob: {
      secretKey: `egy_sk_test_${hex(16)}`,
      publicKey: `egy_pk_test_${hex(16)}`,
      apiKey: hex(24),
      hmacSecret: hex(16).toUpperCase(),
    },
    googleClientSecret: random(24),
    githubClientSecret: random(24),
    admin: { email: 'admin@tollgate.local', password: random(12) },
    user: { email: 'user@tollgate.local', password: random(12) },
  }
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}
