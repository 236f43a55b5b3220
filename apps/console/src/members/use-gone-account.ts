import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { trpc } from '../api.ts'

/** Goes to the personal account, because the user no longer has this one. */
export function useGoneAccount(): () => Promise<void> {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  return async () => {
    await navigate('/subscription', { replace: true })
    await queryClient.invalidateQueries(trpc.accounts.list.queryFilter())
  }
}
