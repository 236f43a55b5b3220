import { API_VERSION, type ApiVersion } from '../api-versions.ts'
import type { Account } from '../state/account.ts'
import type { FormHash } from './form.ts'
import { readParams, type Param } from './params.ts'

/** What a handler receives: the account, its parsed parameters, and the path's variables. */
export interface Call<P> {
  readonly account: Account
  readonly params: P
  /** The path's `:id`, or '' if the path has none. */
  readonly id: string
  /** The path's other variables. */
  readonly path: Readonly<Record<string, string>>
  /** The request's API version. */
  readonly version: ApiVersion
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** An Express path, below `/v1`. */
  readonly path: string
  readonly params: Param<unknown>
  /** The first version without this route; missing if the newest one has it. */
  readonly until?: ApiVersion
  run(account: Account, form: FormHash, path: Readonly<Record<string, string>>, version?: ApiVersion): unknown
}

/** Binds a path to its parameters and its handler. Handlers are synchronous, so only one runs at a time. */
export function route<P>(
  method: Route['method'],
  path: string,
  params: Param<P>,
  handle: (call: Call<P>) => unknown,
): Route {
  return {
    method,
    path,
    params,
    run: (account, form, variables, version = API_VERSION) =>
      handle({ account, params: readParams(params, form), id: variables['id'] ?? '', path: variables, version }),
  }
}

/** A route that only versions before `version` have. */
export const until = (version: ApiVersion, of: Route): Route => ({ ...of, until: version })
