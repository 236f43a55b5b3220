import { z } from 'zod'
import type { EffectiveSetting } from './admin/index.ts'
import { Environment } from './config.ts'

/** Always the same, so that it says nothing about the secret, not even its length. */
const MASK = '••••••••'

/** Names of settings that are secrets. A new setting with such a name is masked before anyone thinks of it. */
const SECRET = /(?:SECRET|PASSWORD|TOKEN|KEY|HMAC)(?!_TTL|_LEEWAY)/

/** Settings whose value is a URL with a password in it. */
const WITH_PASSWORD: ReadonlySet<string> = new Set(['DATABASE_URL', 'SMTP_URL'])

/** Every setting as it applies: its value, or its default. Secrets are masked in full. */
export function effectiveSettings(env: Readonly<Record<string, string | undefined>>): EffectiveSetting[] {
  return Object.entries(Environment.shape).map(([name, schema]) => {
    const given = env[name] || undefined
    const value = given ?? defaultOf(schema)
    const isSecret = SECRET.test(name)
    return {
      name,
      description: schema.description ?? '',
      value: value === undefined ? null : shown(name, value, isSecret),
      isSecret,
      origin: given === undefined ? (value === undefined ? 'unset' : 'default') : 'set',
    }
  })
}

/** The default as it would be written in the environment. */
function defaultOf(schema: z.ZodType): string | undefined {
  const byDefault = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : ''
  return String(byDefault) || undefined
}

function shown(name: string, value: string, isSecret: boolean): string {
  if (isSecret) return MASK
  return WITH_PASSWORD.has(name) ? withoutCredentials(value) : value
}

/** Leaves out the user, the password, and the parameters, any of which may be secret. */
function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return MASK
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname}`
}
