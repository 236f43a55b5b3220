import { invalidRequest, missingParam } from '../../http/errors.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'

interface Given {
  readonly ui_mode?: 'hosted_page' | 'hosted' | 'embedded_page' | 'elements' | 'form'
  readonly success_url?: string
  readonly cancel_url?: string
  readonly return_url?: string
  readonly redirect_on_completion?: 'always' | 'if_required' | 'never'
}

type Presentation = Pick<
  CheckoutSessionRow,
  'cancel_url' | 'redirect_on_completion' | 'return_url' | 'success_url' | 'ui_mode'
>

/**
 * Where the customer pays, and where they go from there.
 *
 * @throws {StripeApiError} 400 for a URL that is missing, invalid or of another mode.
 */
export function readPresentation(given: Given): Presentation {
  const ui_mode = given.ui_mode === 'hosted' || given.ui_mode === undefined ? 'hosted_page' : given.ui_mode
  const isHosted = ui_mode === 'hosted_page'
  const never = given.redirect_on_completion === 'never'
  const others = isHosted
    ? (['return_url', 'redirect_on_completion'] as const)
    : ui_mode === 'elements' || ui_mode === 'form'
      ? (['success_url', 'cancel_url', 'redirect_on_completion'] as const)
      : never
        ? (['success_url', 'cancel_url', 'return_url'] as const)
        : (['success_url', 'cancel_url'] as const)
  for (const param of others) {
    if (given[param] === undefined) continue
    const reason =
      never && param === 'return_url' ? '`redirect_on_completion` is `never`' : `\`ui_mode\` is \`${ui_mode}\``
    throw invalidRequest(`\`${param}\` can't be set when ${reason}.`, { param })
  }
  if (isHosted && given.success_url === undefined) throw missingParam('success_url')
  if (ui_mode === 'embedded_page' && !never && given.return_url === undefined) throw missingParam('return_url')
  for (const param of ['success_url', 'cancel_url', 'return_url'] as const) {
    const url = given[param]
    if (url !== undefined) checkUrl(url, param)
  }
  return {
    ui_mode,
    success_url: given.success_url ?? null,
    cancel_url: given.cancel_url ?? null,
    return_url: given.return_url,
    ...(ui_mode === 'embedded_page' && { redirect_on_completion: given.redirect_on_completion ?? 'always' }),
  }
}

/** @throws {StripeApiError} 400 `url_invalid` for anything other than an address of the web. */
export function checkUrl(url: string, param: string): void {
  // Stripe allows this template variable in the URL, although braces aren't valid there.
  const address = url.replaceAll('{CHECKOUT_SESSION_ID}', 'id')
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw invalidRequest('Not a valid URL', { param, code: 'url_invalid' })
}
