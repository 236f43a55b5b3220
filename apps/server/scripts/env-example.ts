import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, Environment, readConfig } from '../src/config.ts'

export const ENV_EXAMPLE = join(import.meta.dirname, '../../../.env.example')

const HEAD = `# Copy this file to .env. For production, fill in the first block: the server refuses to start without it.
# Every setting follows. The value behind a # is its default.
#
# Generated from apps/server/src/config.ts: node apps/server/scripts/write-env-example.ts
`

const SETTINGS = new Map<string, z.ZodType>(Object.entries(Environment.shape))

/** Production starts without these, but not the way you want it to. \`doctor\` names them as well. */
const RECOMMENDED = ['MAIL_FROM', 'TRUST_PROXY', 'METRICS_TOKEN']

/** Not a setting of the server. */
const COMPOSE = `# docker compose only: the password of its PostgreSQL, letters and digits. Compose then sets DATABASE_URL itself.
POSTGRES_PASSWORD=`

/** Returns the text of `.env.example`: what production requires, to be filled in, then all other settings. */
export function envExample(): string {
  const required = requiredInProduction()
  const isListed = (name: string) => name === 'NODE_ENV' || required.includes(name) || RECOMMENDED.includes(name)
  const others = [...SETTINGS.keys()].filter((name) => !isListed(name))
  return [
    HEAD,
    block('Required in production', [
      setting('NODE_ENV', 'NODE_ENV=production'),
      ...required.map((name) => setting(name, `${name}=`)),
      COMPOSE,
    ]),
    block('Recommended in production', RECOMMENDED.map(defaultSetting)),
    block('Optional', others.map(defaultSetting)),
  ].join('\n')
}

/** Returns every setting without which production refuses to start, in the schema's order. */
export function requiredInProduction(): string[] {
  const missing = missingSettings()
  return [...SETTINGS.keys()].filter((name) => missing.has(name))
}

function missingSettings(): Set<string> {
  try {
    readConfig({ NODE_ENV: 'production' })
    return new Set()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return new Set(error.problems.flatMap((problem) => /^(\w+) is missing/.exec(problem)?.[1] ?? []))
  }
}

function block(title: string, settings: readonly string[]): string {
  return `# --- ${title} ${'-'.repeat(72 - title.length)}\n${settings.join('\n')}\n`
}

const defaultSetting = (name: string) => setting(name, `# ${name}=${defaultOf(name)}`)

function setting(name: string, line: string): string {
  const meaning = SETTINGS.get(name)?.description
  return meaning === undefined ? line : `# ${meaning}\n${line}`
}

/** Returns the default as it would be written in the file; empty if there is none. */
function defaultOf(name: string): string {
  const schema = SETTINGS.get(name)
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : ''
}
