import { useSearchParams } from 'react-router'

/** The promotion code in the page's address, as a link to `/plans?code=LAUNCH` has it; undefined without one. */
export function usePromotionCode(): string | undefined {
  const [query] = useSearchParams()
  const code = query.get('code')?.trim()
  return code && /^[\dA-Za-z-]{1,64}$/.test(code) ? code : undefined
}
