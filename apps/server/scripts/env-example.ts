import { join } from 'node:path'
import { z } from 'zod'
import { Environment } from '../src/config.ts'

export const ENV_EXAMPLE = join(import.meta.dirname, '../../../.env.example')

const HEAD = `# Every setting of the server; made from its schema (apps/server/src/config.ts) by apps/server/scripts/write-env-example.ts.
# What has a value behind a # is its default. For docker compose, copy this file to .env and fill in what is empty.

# docker compose's own: letters and digits only, as it becomes part of DATABASE_URL, which compose sets by itself.
POSTGRES_PASSWORD=
`

/** What `.env.example` says: each setting with its meaning; the needed ones to fill in, the others as comments. */
export function envExample(): string {
  const settings = Object.entries(Environment.shape).map(([name, schema]) => {
    const meaning = schema.description === undefined ? '' : `# ${schema.description}\n`
    return `${meaning}${line(name, schema)}`
  })
  return `${HEAD}\n${settings.join('\n')}\n`
}

function line(name: string, schema: z.ZodType): string {
  const byDefault = defaultOf(schema)
  if (byDefault !== undefined) return `# ${name}=${byDefault}`
  return schema.safeParse(undefined).success || name === 'DATABASE_URL' ? `# ${name}=` : `${name}=`
}

/** As one would write it; undefined if there is none. */
function defaultOf(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)) return undefined
  return String(schema.def.defaultValue)
}
