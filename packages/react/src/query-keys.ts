import type { QueryKey } from '@tanstack/react-query'

const ROOT = 'tollgate'

/** Whatever the hooks load. */
export const ALL_KEY: QueryKey = [ROOT]

/** What is public. */
export const publicKey = (...path: readonly string[]): QueryKey => [ROOT, 'public', ...path]

/** What any user sees. */
export const USERS_KEY: QueryKey = [ROOT, 'user']

/** What a user sees. It has the user's id, so that no user is shown what was loaded for another one. */
export const userKey = (userId: string, ...path: readonly string[]): QueryKey => [...USERS_KEY, userId, ...path]

export const meKey = (userId: string): QueryKey => userKey(userId, 'me')

/** Whose data it is. */
export const ownerOf = (key: QueryKey): unknown => key[USERS_KEY.length]
