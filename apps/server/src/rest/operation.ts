import type { AnyTRPCProcedure as AnyProcedure } from '@trpc/server'
import type { DomainError } from '../platform/errors/errors.ts'
import type { AppRouter } from '../router.ts'

type PathsOf<Procedures> = {
  [Name in keyof Procedures & string]: Procedures[Name] extends AnyProcedure
    ? Name
    : `${Name}.${PathsOf<Procedures[Name]>}`
}[keyof Procedures & string]

/** A procedure of the typed API, such as `auth.login`. */
export type ProcedurePath = PathsOf<AppRouter['_def']['record']>

export const TAGS = ['Account', 'Session', 'Password', 'Profile', 'Plans', 'Subscription', 'Payments'] as const

/**
 * One REST operation: where it is, and which procedure does the work. Everything else follows from the procedure: its
 * input fields that stand in the path as `{field}` come from there, the others from the query (GET, DELETE) or the
 * body.
 */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: `/${string}`
  /** What success answers with; 200 by default, and 204 without a body. */
  readonly status?: 201 | 204
  readonly procedure: ProcedurePath
  readonly tag: (typeof TAGS)[number]
  readonly summary: string
  /** What is not obvious, in Markdown. */
  readonly description?: string
  /** What it may be refused with, besides what its guard and its input may be refused with. */
  readonly errors?: readonly (new () => DomainError)[]
  /** What it is refused with where the procedure answers `null`. */
  readonly none?: new () => DomainError
  /** Whether the refresh cookie stands for the caller. */
  readonly readsCookie?: true
  /** A call and its answer, as JSON. */
  readonly example: { readonly input?: Readonly<Record<string, unknown>>; readonly output: unknown }
}
