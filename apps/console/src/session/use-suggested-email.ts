import { useLocation } from 'react-router'

/** The address to log in or sign up with, if the page that led here knows it. */
export function useSuggestedEmail(): string | undefined {
  const state: unknown = useLocation().state
  const isSuggestion = typeof state === 'object' && state !== null && 'email' in state
  return isSuggestion && typeof state.email === 'string' ? state.email : undefined
}
