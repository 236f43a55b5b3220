import { CronExpressionParser } from 'cron-parser'
import { z } from 'zod'
import type { OwnData, OwnFields } from '../../platform/own-data.ts'
import { FieldName, type ExtensionConfig } from '../extension.schemas.ts'

type Definition = NonNullable<ExtensionConfig['users']>

/** Returns the fields that a configuration adds. */
export function ownDataOf({ users, accounts }: ExtensionConfig): OwnData {
  return { users: fieldsOf(users ?? {}), accounts: fieldsOf(accounts ?? {}) }
}

const fieldsOf = ({ publicData, privateData, writable = [], signUp = [] }: Definition): OwnFields => ({
  publicData: publicData?.shape ?? {},
  privateData: privateData?.shape ?? {},
  writable: new Set(writable),
  signUp: new Set(signUp),
})

/** Finds what a configuration's schema can't express. Each problem begins with the path of the field. */
export function findProblems({ users, accounts, jobs = {}, migrations = [] }: ExtensionConfig): string[] {
  const names = migrations.map(({ name }) => name)
  return [
    ...problemsOf('users', users ?? {}),
    ...problemsOf('accounts', accounts ?? {}),
    ...names.filter((name, at) => names.indexOf(name) < at).map((name) => `migrations: ${name} is there twice`),
    ...migrations
      .filter(({ sql }) => controlsTransaction(sql))
      .map(({ name }) => `migrations: ${name} must not begin or end a transaction: it runs in one of its own`),
    ...Object.entries(jobs).flatMap(([name, job]) => problemsOfJob(`jobs.${name}`, job)),
  ]
}

/** What may have any word in it: functions, texts, quoted names, comments, and functions in standard SQL. */
const TEXTS = /(\$\w*\$).*?\1|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*.*?\*\//gis
const BODIES = /\bbegin\s+atomic\b.*?;\s*end\b/gis
const CONTROLS_TRANSACTION =
  /(?:^|;)\s*(?:begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i

/** Whether SQL has a statement such as `commit` or `end`. */
const controlsTransaction = (sql: string): boolean =>
  CONTROLS_TRANSACTION.test(sql.replaceAll(TEXTS, ' ').replaceAll(BODIES, ' '))

/** What is no object, and so not the data of a job. */
const NO_OBJECTS = ['text', 1, true, [], null]

function problemsOfJob(path: string, { cron, data }: NonNullable<ExtensionConfig['jobs']>[string]): string[] {
  if (cron !== undefined && !isCron(cron)) {
    return [`${path}.cron: must be a cron expression of five fields, such as 23 3 * * *`]
  }
  const problem = problemOfSchema(data)
  if (problem !== undefined) return [`${path}.data: ${problem}`]
  if (NO_OBJECTS.some((value) => data.safeParse(value).success)) return [`${path}.data: must be a z.object({…})`]
  const isMissing = cron !== undefined && !data.safeParse({}).success
  return isMissing ? [`${path}.data: has to allow {}, because the job has a schedule`] : []
}

function problemsOf(owner: string, definition: Definition): string[] {
  const shape = definition.publicData?.shape ?? {}
  const unknown = (['writable', 'signUp'] as const).flatMap((list) =>
    (definition[list] ?? [])
      .filter((name) => !Object.hasOwn(shape, name))
      .map((name) => `${owner}.${list}: ${name} is not a field of publicData`),
  )
  const bad = (['publicData', 'privateData'] as const).flatMap((kind) =>
    Object.entries(definition[kind]?.shape ?? {}).flatMap(([name, schema]) => {
      const problem = FieldName.safeParse(name).error?.issues[0]?.message ?? problemOfSchema(schema)
      return problem === undefined ? [] : [`${owner}.${kind}.${name}: ${problem}`]
    }),
  )
  return [...unknown, ...bad]
}

/** What is stored is JSON, so what JSON has no word for can't be a field. */
function problemOfSchema(schema: z.ZodType): string | undefined {
  try {
    z.toJSONSchema(schema, { io: 'output' })
    return undefined
  } catch (error) {
    return `can't be stored as JSON (${error instanceof Error ? error.message : String(error)})`
  }
}

/** Without a field for seconds: schedules are looked at once a minute. */
function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false
  try {
    CronExpressionParser.parse(text)
    return true
  } catch {
    return false
  }
}
