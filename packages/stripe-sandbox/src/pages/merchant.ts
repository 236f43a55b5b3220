import { isColor, type Settings } from '../settings.ts'
import { html, Html } from './html.ts'

export type Merchant = Pick<Settings, 'merchantName' | 'merchantColor'>

/**
 * The merchant's color for the hosted pages. Its lightness is bounded, so that text in it and on it stays readable in
 * light and dark mode.
 */
export function merchantStyle({ merchantColor: color }: Merchant): Html | null {
  if (!isColor(color)) return null
  const tone = (light: string, dark: string) =>
    `light-dark(oklch(from ${color} ${light} c h), oklch(from ${color} ${dark} c h))`
  return new Html(
    `<style>:root { --brand: ${tone('min(l, .47)', 'max(l, .76)')}; --on-brand: light-dark(#fff, #101413); --brand-soft: light-dark(oklch(from ${color} .95 min(c, .03) h), oklch(from ${color} .31 min(c, .05) h)); }</style>`,
  )
}

/** Who asks for the money. */
export function merchantName({ merchantName: name }: Merchant): Html {
  return html`<p class="merchant">
    <span class="mark" aria-hidden="true">${name.trim().charAt(0).toUpperCase()}</span> ${name}
  </p>`
}
