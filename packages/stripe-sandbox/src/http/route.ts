import type { Account } from '../state/account.ts'
import type { FormHash } from './form.ts'
import { readParams, type Param } from './params.ts'

/** What a handler gets: the account, the parameters it asked for, and the path's variables. */
export interface Call<P> {
  readonly account: Account
  readonly params: P
  /** The path's `:id`, or '' where it has none. */
  readonly id: string
  /** The path's other variables. */
  readonly path: Readonly<Record<string, string>>
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** As Express takes it, below `/v1`. */
  readonly path: string
  run(account: Account, form: FormHash, path: Readonly<Record<string, string>>): unknown
}

/** Binds a path to its parameters and to what answers it. Handlers are synchronous, so each runs alone and wholly or not at all. */
export function route<P>(
  method: Route['method'],
  path: string,
  params: Param<P>,
  handle: (call: Call<P>) => unknown,
): Route {
  return {
    method,
    path,
    run: (account, form, variables) =>
      handle({ account, params: readParams(params, form), id: variables['id'] ?? '', path: variables }),
  }
}
