'use client'
import { useQueryClient } from '@tanstack/react-query'
import type { TollgateClient } from '@tollgate/client'
import { useMemo } from 'react'
import { ALL_KEY } from './query-keys.ts'
import { useTollgateContext } from './tollgate-context.ts'

export interface Tollgate extends TollgateClient {
  /** Loads again what these hooks show, for example after a purchase. */
  refresh(): Promise<void>
}

/** The client of the provider, for calls of your own. */
export function useTollgate(): Tollgate {
  const { client } = useTollgateContext()
  const queryClient = useQueryClient()
  return useMemo(
    () => ({ ...client, refresh: () => queryClient.invalidateQueries({ queryKey: ALL_KEY }) }),
    [client, queryClient],
  )
}
