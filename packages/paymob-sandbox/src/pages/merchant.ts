import type { Merchant } from '../state/account.ts'
import { html, Html } from './html.ts'

/**
 * The merchant's color for the checkout page. Its lightness is bounded, so that text in it and on it stays readable in
 * light and dark mode.
 */
export function merchantStyle({ color }: Merchant): Html | null {
  if (color === null) return null
  const tone = (light: string, dark: string) =>
    `light-dark(oklch(from ${color} ${light} c h), oklch(from ${color} ${dark} c h))`
  return new Html(
    `<style>:root { --brand: ${tone('min(l, .47)', 'max(l, .76)')}; --on-brand: light-dark(#fff, #101413); }</style>`,
  )
}

/** Who asks for the money. */
export function merchantName({ name }: Merchant): Html {
  return html`<p class="merchant">
    <span class="mark" aria-hidden="true">${name.trim().charAt(0).toUpperCase()}</span> ${name}
  </p>`
}
