import { isTollgateError, type TollgateClient } from '@tollgate/client'
import type { Failed, Loading } from './states.ts'

/** Maximum number of tries for a query. Only a lost connection and a busy backend are worth another try. */
const MAX_TRIES = 3

/** Whether a repeated call may get another answer. */
const mayPass = (error: unknown) => !isTollgateError(error) || isTollgateError(error, 'BUSY')

const ALWAYS = {
  retry: (failures: number, error: Error) => failures < MAX_TRIES - 1 && mayPass(error),
  // An application may have other defaults. The first would show one account's data as another's.
  placeholderData: undefined,
  throwOnError: false,
}

/** The options of a query that anyone may make. */
export function publicQueryOf<Data>(load: () => Promise<Data>) {
  return { ...ALWAYS, queryFn: load }
}

/** The options of a query that is about this user. It never keeps what another user of this tab has loaded. */
export function queryOf<Data>(client: TollgateClient, userId: string, load: () => Promise<Data>) {
  const loadForUser = async () => {
    if (client.session.current?.user.id !== userId) throw new Error('Another user has logged in.')
    return load()
  }
  return { ...ALWAYS, queryFn: loadForUser }
}

/** What has been loaded, or why there is nothing to show. */
export type Loaded<Data> = Loading | Failed | { readonly status: 'ready'; readonly data: Data }

interface Query<Data> {
  readonly data: Data | undefined
  readonly error: unknown
  refetch(): unknown
}

/** What was loaded earlier stays while the backend can't be reached, but not when it now refuses it. */
export function loadedOf<Data>({ data, error, refetch }: Query<Data>): Loaded<Data> {
  if (error !== null && (data === undefined || !mayPass(error))) {
    return { status: 'error', error, retry: () => void refetch() }
  }
  return data === undefined ? { status: 'loading' } : { status: 'ready', data }
}
