import { z } from 'zod'
import { featureName } from '../billing/feature.schemas.ts'
import { tierName } from '../billing/plan.schemas.ts'

/** A function of the configuration. What it takes and gives is typed by `@tollgate/config`. */
const callable = z.custom<(...given: unknown[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
)

interface GivenFields {
  readonly shape: Readonly<Record<string, z.ZodType>>
}

/** An object schema, of this zod or of another copy of it. */
const fields = z.custom<GivenFields>(
  (value) => value instanceof Object && '_zod' in value && Reflect.get(value, 'shape') instanceof Object,
  'must be a z.object({…}) of zod 4',
)

const names = z.array(z.string())

const data = z.strictObject({
  publicData: fields.optional(),
  privateData: fields.optional(),
  writable: names.optional(),
})

const jobName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name of lowercase letters, digits and -')
const job = z.strictObject({
  data: z.custom<z.ZodType<object>>(
    (value) => value instanceof Object && '_zod' in value,
    'must be a zod schema of the data',
  ),
  cron: z.string().optional(),
  retryLimit: z.int('must be a whole number').min(0, 'must not be negative').max(50, 'must be at most 50').optional(),
  run: callable,
})

const hook = z.strictObject({
  timeoutMs: z
    .int('must be a whole number')
    .min(100, 'must be at least 100')
    .max(10_000, 'must be at most 10000')
    .optional(),
  onFailure: z.enum(['deny', 'allow'], 'must be deny or allow').optional(),
  run: callable,
})

/** What `tollgate.config.ts` exports. `@tollgate/config` has the same as types. */
export const ExtensionConfig = z.strictObject({
  users: data.extend({ signUp: names.optional() }).optional(),
  accounts: data.optional(),
  reasons: z
    .record(
      z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be a reason such as TODO_NOT_FOUND'),
      z.strictObject({
        code: z.enum(['BAD_REQUEST', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT']),
        message: z.string().min(1, 'must not be empty').max(300, 'must have at most 300 characters'),
      }),
    )
    .optional(),
  migrations: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be 1 to 100 letters, digits and . _ -'),
        sql: z.string().min(1, 'must not be empty'),
      }),
    )
    .optional(),
  jobs: z.record(jobName, job).optional(),
  hooks: z.strictObject({ beforeSignUp: hook.optional(), beforeCheckout: hook.optional() }).optional(),
  procedures: callable.optional(),
})
export type ExtensionConfig = z.infer<typeof ExtensionConfig>

/** The default export. A promise has no keys, so it would look like an empty configuration. */
export const ExtensionExport = z
  .unknown()
  .refine((value) => !(value instanceof Promise), 'it is a promise, so remove the async')
  .pipe(ExtensionConfig)

/** The names that fields may have. superjson can't write the two reserved ones. */
export const FieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _')
  .refine((name) => !['constructor', 'prototype'].includes(name), 'is a reserved name')

/** What the guards of the kit are called with. */
export const GuardArguments = z.object({
  right: z.enum(['see', 'bill', 'manage', 'own'], 'must be see, bill, manage or own'),
  tier: tierName,
  feature: featureName,
})
export type GuardArguments = z.infer<typeof GuardArguments>
