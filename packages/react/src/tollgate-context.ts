'use client'
import type { TollgateClient } from '@tollgate/client'
import { createContext, useContext } from 'react'
import type { User } from './states.ts'

/** What the provider hands to the hooks. */
export interface TollgateContextValue {
  readonly client: TollgateClient
  /** What the server said about the visitor; undefined if it said nothing. */
  readonly initialSession: { readonly user: User } | null | undefined
  /** The account that the application has chosen; null for the personal account. */
  accountChosenBy(userId: string): string | null
  choose(userId: string, accountId: string | null): void
}

export const TollgateContext = createContext<TollgateContextValue | null>(null)

/** @throws {Error} outside of a `TollgateProvider`. */
export function useTollgateContext(): TollgateContextValue {
  const value = useContext(TollgateContext)
  if (!value) throw new Error('This hook of @tollgate/react needs a <TollgateProvider> around its component.')
  return value
}
