import type { RouterOutputs } from '@tollgate/client'
import { session } from '../api.ts'

let user: RouterOutputs['auth']['me'] | undefined
session.subscribe((current) => {
  user = current?.user ?? user
})

/** The user of the last session in this page, also after its end. */
export const lastUser = (): RouterOutputs['auth']['me'] | undefined => user
