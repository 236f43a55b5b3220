import type { AnyTRPCProcedure as AnyProcedure } from '@trpc/server'
import type { DomainError } from '../platform/errors/errors.ts'
import type { AppRouter, ServiceRouter } from '../router.ts'

type PathsOf<Procedures> = {
  [Name in keyof Procedures & string]: Procedures[Name] extends AnyProcedure
    ? Name
    : `${Name}.${PathsOf<Procedures[Name]>}`
}[keyof Procedures & string]

/** A procedure of the typed API, such as `auth.login`. */
export type ProcedurePath = PathsOf<AppRouter['_def']['record']>

/** A procedure for other programs, such as `service.accounts.get`. */
export type ServicePath = PathsOf<ServiceRouter['_def']['record']>

export const TAGS = [
  'Account',
  'Session',
  'Password',
  'Profile',
  'Accounts',
  'Plans',
  'Subscription',
  'Payments',
  'Services',
] as const

/**
 * A REST operation: its address, and the procedure that does the work. Everything else follows from the procedure.
 * Input fields in the path are written as `{field}`. The others come from the query (GET, DELETE) or from the body.
 */
export interface Operation<Path extends string = ProcedurePath> {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: `/${string}`
  /** The status of success: 200 by default, and 204 without a body. */
  readonly status?: 201 | 204
  readonly procedure: Path
  readonly tag: (typeof TAGS)[number]
  readonly summary: string
  /** Anything that is not obvious, in Markdown. */
  readonly description?: string
  /** What it can be refused with, in addition to the errors of its guard and its input: the class, or an example. */
  readonly errors?: readonly ((new () => DomainError) | DomainError)[]
  /** What it is refused with if the procedure returns `null`. */
  readonly none?: new () => DomainError
  /** Whether the refresh cookie identifies the caller. */
  readonly readsCookie?: true
  /** Whether it is only for apps that exchange the refresh token in the body. */
  readonly byBody?: true
  /** A call and its answer, as JSON. */
  readonly example: { readonly input?: Readonly<Record<string, unknown>>; readonly output: unknown }
}
